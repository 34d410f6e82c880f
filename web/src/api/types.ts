import type { components } from "./schema";

/**
 * What the server answers, from docs/reference/openapi.json (`npm run types`). Amounts are decimal
 * strings. What stands here in full is answered by paths that the contract does not name yet.
 */
type Schemas = components["schemas"];

export interface Page<T> { items: T[]; next: string | null }
export interface Money { currency: string; amount: string }

export type Session = Schemas["Session"];
export type EntitySummary = Session["entities"][number];
export type WorklistPage = Schemas["Worklist"];
export type WorklistRow = Schemas["WorklistLine"];
export type DayProgress = Schemas["Progress"];

export type Aging = Schemas["Aging"];
export type AgingFigures = Aging["currencies"][number];
export type AgingRow = NonNullable<Aging["rows"]>[number];
export type Bucket = keyof AgingFigures["buckets"];
export const buckets: Bucket[] = ["not_due", "1_30", "31_60", "61_90", "91_120", "over_120"];

export type Customer = Schemas["CustomerReport"] & {
  pinned_notes?: { text: string; author: string; at: string }[];
  group?: { name: string } | null;
};
export type CustomerLine = Schemas["Customer"];
export type Contact = Customer["contacts"][number];
export type OpenItem = Customer["items"][number];
export type OpenItemLine = Schemas["OpenItem"];
export type PromiseRecord = Customer["promises"][number];
export type PromiseLine = Schemas["Promise"];
export type FollowUp = Customer["follow_ups"][number];
export type FollowUpLine = Schemas["FollowUp"];
export type Call = Customer["last_calls"][number] & { reviews?: Review[] };
export type CallLine = Schemas["Call"] & { reviews?: Review[] };
export type TimelineEntry = Schemas["TimelineEvent"];
export type BehaviourMonth = Schemas["BehaviourMonth"];
export type SearchHit = Schemas["SearchHit"];
export type Reason = Schemas["Reason"];
export type Metrics = Schemas["Metrics"];
export type Figure = Metrics["figures"][number];
export type Team = Schemas["Team"];
export type TeamRow = Team["collectors"][number];
export type Completeness = Schemas["Completeness"];
export type CallStatistics = Schemas["CallStatistics"];
export type Person = Schemas["Person"];
export type Book = Schemas["Book"];
export type Token = Schemas["Token"];
export type Substitution = Schemas["Substitution"];
export type LoggedCall = Schemas["LoggedCall"];

export type Dispute = Schemas["Dispute"];
export type DisputeReason = Schemas["DisputeReason"];
export type GuardDecision = Schemas["Guard"];
export type ImportUpload = Schemas["ImportUpload"];
export type ImportState = Schemas["Import"];
export type ImportOptions = Schemas["ImportOptions"];

/** A manager's mark on an entry of the call log. */
export interface Review { mark: string; text: string; by: string; at: string }

/** What a check or an import came to: the command line's report. */
export interface ImportReport {
  rows: number;
  added: number;
  changed: number;
  unchanged: number;
  rejected: number;
  problem_count: number;
  currencies: { currency: string; file: string; added: string }[];
  warnings: { line?: number; code?: string; message?: string }[];
  problems: ImportProblem[];
}
export interface ImportProblem {
  line: number;
  column: string;
  value: string;
  code: string;
  message: string;
}
