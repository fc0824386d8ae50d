// The capture page starts here.
import "./capture.css";
