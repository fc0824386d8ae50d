// The organization's pages: htmx does the fetching, this does what a server cannot.

import htmx from "htmx.org";
import "./desk.css";
import { keepAges } from "./ages";
import { offerCopying } from "./copying";
import { markLengths } from "./lengths";
import { enlargePictures } from "../shared/pictures";
import { showViewers } from "./viewing";
import { keepPicks } from "./picks";
import { showProofs } from "./proofs";
import { sayFailures } from "./said";
import { triageByKeys } from "./triage";

// The pages' security policy allows neither inline styles nor eval, and htmx needs neither.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;

keepAges();
offerCopying();
markLengths();
enlargePictures();
showViewers();
keepPicks();
showProofs();
sayFailures();
triageByKeys();
