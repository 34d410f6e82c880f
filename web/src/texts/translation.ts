/** A string with {names}, or a pair chosen by the value of {count}. */
export type Text = string | { one: string; other: string };

/** Another language of the same keys; whether a text has two forms is the language's own affair. */
export type Translation<English> = Record<keyof English, Text>;
