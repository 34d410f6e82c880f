import { codes } from "./de/codes";
import { desk } from "./de/desk";
import { office } from "./de/office";
import { shell } from "./de/shell";

/** Deutsch, mit den Schlüsseln des Englischen. */
export const de = { ...shell, ...desk, ...office, ...codes };
