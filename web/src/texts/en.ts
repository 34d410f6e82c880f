import { codes } from "./en/codes";
import { desk } from "./en/desk";
import { office } from "./en/office";
import { shell } from "./en/shell";

/** English, complete: its keys are the keys. */
export const en = { ...shell, ...desk, ...office, ...codes };
