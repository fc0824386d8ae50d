// The homeowner's page with the model: one viewer, nothing else.

import "./house.css";
import { showModels } from "../shared/models";

showModels();
