import { useEffect, useMemo, useState } from "react";
import type { DayProgress, WorklistRow } from "../../api/types";
import { useCalls, useDayProgress, useWorklist } from "../../api/queries";
import { setQuery, useLocation } from "../../ui/router";
import { draftedCustomers } from "../call/draft";
import { useMe } from "../session/me";

export type View = "all" | "calls" | "promises" | "late";

export interface WorklistState {
  rows: WorklistRow[];
  index: number;
  selected: WorklistRow | undefined;
  select: (row: WorklistRow) => void;
  /** The next row after the selected one that is not done. */
  next: () => WorklistRow | undefined;
  isDone: (row: WorklistRow) => boolean;
  hasDraft: (row: WorklistRow) => boolean;
  view: View;
  setView: (view: View) => void;
  counts: Record<View, number>;
  text: string;
  setText: (text: string) => void;
  mine: boolean;
  setMine: (mine: boolean) => void;
  mayChoose: boolean;
  total: number;
  progress: DayProgress | undefined;
  pending: boolean;
  error: unknown;
  retry: () => void;
  more: () => void;
}

function inView(row: WorklistRow, view: View, businessDate: string): boolean {
  switch (view) {
    case "all": return true;
    case "calls": return row.recommended_action === "call" || row.recommended_action === "escalate";
    case "promises": return row.reasons.some((reason) => reason.kind === "broken_promise") ||
      row.follow_ups.some((one) => one.kind === "broken_promise" || one.action === "wait_for_payment");
    case "late": return row.follow_ups.some((one) => one.due_on < businessDate);
  }
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function useWorklistState(): WorklistState {
  const { session, entity, can } = useMe();
  const { query } = useLocation();
  const mayChoose = can("review_calls") || can("manage_books");
  const [mine, setMine] = useState(session.roles.includes("collector"));
  const [view, setView] = useState<View>("all");
  const [text, setText] = useState("");
  const collector = mine ? session.login : null;
  const read = useWorklist(entity.entity, { collector });
  const progress = useDayProgress(entity.entity, collector);
  // Whoever was called today is done, by whomever.
  const calls = useCalls(entity.entity, { from: entity.today, to: entity.today });
  const customer = query.get("customer");

  // All pages arrive one after the other: filters and positions are of the whole list.
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = read;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const all = useMemo(() => read.data?.pages.flatMap((page) => page.items) ?? [], [read.data]);
  const wanted = plain(text);
  const rows = useMemo(() => all.filter((row) => inView(row, view, entity.today) &&
    (!wanted || plain(row.party).includes(wanted) ||
      row.customers.some((one) => one.toLowerCase().includes(wanted)))),
  [all, view, wanted, entity.today]);
  const counts = useMemo(() => {
    const count = (one: View) => all.filter((row) => inView(row, one, entity.today)).length;
    return { all: all.length, calls: count("calls"), promises: count("promises"), late: count("late") };
  }, [all, entity.today]);
  const doneSet = useMemo(() => new Set(
    calls.data?.pages.flatMap((page) => page.items.map((call) => call.customer)) ?? []),
  [calls.data]);
  const drafted = new Set(draftedCustomers(session.login, entity.entity));

  const isDone = (row: WorklistRow) => row.customers.some((one) => doneSet.has(one));
  const found = rows.findIndex((row) => customer !== null && row.customers.includes(customer));
  const firstOpen = rows.findIndex((row) => !isDone(row));
  const index = found >= 0 ? found : customer === null ? Math.max(0, firstOpen) : -1;
  return {
    rows,
    index,
    selected: rows[index],
    select: (row) => setQuery({ customer: row.customers[0] ?? null }),
    next: () => rows.slice(index + 1).find((row) => !isDone(row)) ??
      rows.find((row, at) => at !== index && !isDone(row)),
    isDone,
    hasDraft: (row) => row.customers.some((one) => drafted.has(one)),
    view, setView, counts, text, setText, mine, setMine, mayChoose,
    total: read.data?.pages[0]?.lines ?? all.length,
    progress: progress.data,
    pending: read.isPending,
    error: read.data ? null : read.error,
    retry: () => void read.refetch(),
    more: () => { if (hasNextPage && !isFetchingNextPage) void fetchNextPage(); },
  };
}
