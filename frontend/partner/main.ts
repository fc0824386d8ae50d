// The page that a partner's link opens: one viewer, and photos that open large.

import "./partner.css";
import { showModels } from "../shared/models";
import { enlargePictures } from "../shared/pictures";

showModels();
enlargePictures();
