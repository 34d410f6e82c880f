import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { idempotencyKey, post } from "../../api/client";
import { inEntity, usePromises, useRefresh } from "../../api/queries";
import type { PromiseLine } from "../../api/types";
import { addDays, day, decimal, isZero, money, shortDay, sum } from "../../texts/format";
import { t } from "../../texts";
import { problemText } from "../../texts/problems";
import { Button, Note } from "../../ui/controls";
import { Dialog } from "../../ui/dialog";
import { scopeRank, useCommands } from "../../ui/keys";
import { Amount, Cell } from "../../ui/money";
import { navigate } from "../../ui/router";
import { Empty, Failed, Skeleton } from "../../ui/states";
import { DataTable } from "../../ui/table";
import { toast } from "../../ui/toast";
import { PromiseChip } from "../customer/agreements";
import { useMe, useRoom } from "../session/me";
import { KeptByCollector } from "./kept-by-collector";

type Group = "due" | "broken" | "coming" | "kept";
const groups: Group[] = ["due", "broken", "coming", "kept"];
/** How far back settled promises are shown. */
const brokenDays = 30;
const keptDays = 7;

function groupOf(promise: PromiseLine, today: string): Group | null {
  if (promise.state === "open") return promise.by <= today ? "due" : "coming";
  if (promise.state === "kept") return promise.by >= addDays(today, -keptDays) ? "kept" : null;
  if (promise.state === "withdrawn") return null;
  return promise.deadline >= addDays(today, -brokenDays) ? "broken" : null;
}

/** Sums are per currency: never added over several. */
function sums(promises: PromiseLine[]): string {
  const currencies = [...new Set(promises.map((one) => one.currency))].sort();
  return currencies.map((currency) => money(sum(promises
    .filter((one) => one.currency === currency).map((one) => one.amount)), currency)).join(" · ");
}

export function Promises() {
  const { entity } = useMe();
  const room = useRoom();
  const today = entity.today;
  const open = usePromises(entity.entity, { state: "open" });
  const broken = usePromises(entity.entity, { state: "broken" });
  const partly = usePromises(entity.entity, { state: "partly_kept" });
  const kept = usePromises(entity.entity, { state: "kept" });
  const [chosen, setChosen] = useState<PromiseLine | null>(null);
  const [withdrawing, setWithdrawing] = useState(false);
  const rows = useMemo(() => {
    const all = [open, broken, partly, kept].flatMap((read) =>
      read.data?.pages.flatMap((page) => page.items) ?? []);
    const place = (one: PromiseLine) => groups.indexOf(groupOf(one, today) ?? "kept");
    return all.filter((one) => groupOf(one, today) !== null)
      .sort((a, b) => place(a) - place(b) || (groupOf(a, today) === "coming"
        ? a.by.localeCompare(b.by) : b.by.localeCompare(a.by)));
  }, [open, broken, partly, kept, today]);
  useCommands(t("keys.page"), scopeRank.page, [
    { id: "withdraw", keys: ["x"], label: t("promise.withdraw"), run: () => setWithdrawing(true),
      disabled: chosen?.state !== "open" },
  ], { active: !withdrawing });
  const columns = useMemo((): ColumnDef<PromiseLine>[] => [
    { id: "state", header: t("field.state"), enableSorting: false,
      cell: ({ row }) => <PromiseChip promise={row.original} /> },
    { accessorKey: "name", header: t("customer.one"), enableSorting: false, meta: { wide: true } },
    { id: "for", header: t("promise.for"), enableSorting: false, meta: { className: "tn t2" },
      cell: ({ row }) => itemsOf(row.original) },
    { id: "amount", header: t("promise.promised"), enableSorting: false, meta: { numeric: true },
      cell: ({ row }) => <Amount value={row.original.amount} currency={row.original.currency} /> },
    { id: "paid", header: t("promise.received"), enableSorting: false, meta: { numeric: true },
      cell: ({ row }) => <Cell value={row.original.paid} /> },
    { id: "made", header: t("promise.taken"), enableSorting: false, meta: { className: "tn t2" },
      cell: ({ row }) => shortDay(row.original.made_on) },
    { id: "by", header: t("field.due"), enableSorting: false, meta: { className: "tn" },
      cell: ({ row }) => shortDay(row.original.by) },
  ], []);
  const failed = [open, broken, partly, kept].find((read) => read.error && !read.data);
  return (
    <div className="tp fillbox">
      <section className="card fill" data-pane>
        {failed ? <Failed error={failed.error} onRetry={() => failed.refetch()} />
          : open.isPending ? <Skeleton rows={12} />
            : rows.length === 0 ? <Empty icon="promise" title={t("promises.none")} />
              : (
                <DataTable label={t("promises.tab")} rows={rows} columns={columns}
                  keyOf={(row) => row.promise} onMove={setChosen}
                  group={(row, before) => {
                    const group = groupOf(row, today);
                    if (!group || (before && groupOf(before, today) === group)) return null;
                    const own = rows.filter((one) => groupOf(one, today) === group);
                    return (
                      <tr className="grp" key={group}>
                        <td colSpan={3}>
                          <b>{t(`promises.${group}`)}</b>{" "}{t("promises.count", { count: own.length })}
                        </td>
                        <td colSpan={4} className="n">{sums(own)}</td>
                      </tr>
                    );
                  }} />
              )}
      </section>
      <div className="stack scrolly">
        <KeptByCollector />
        {chosen && (
          <section className="card" aria-label={chosen.name}>
            <header>
              <h2 className="h2 el">{chosen.name}</h2><span className="sp" />
              <span className="s t3">{money(chosen.amount, chosen.currency)}</span>
            </header>
            <div className="body tight">
              <dl className="dl">
                <dt>{t("promise.promised")}</dt><dd>{day(chosen.made_on)}</dd>
                <dt>{t("promise.by")}</dt><dd>{day(chosen.by)}</dd>
                <dt>{t("promise.received")}</dt><dd>{money(chosen.paid, chosen.currency)}</dd>
                {chosen.items.map((item) => (
                  <PromisedItem key={`${item.document}#${item.instalment}`} item={item} />
                ))}
              </dl>
              <div className="row">
                {chosen.customers?.[0] && (
                  <Button small kind="primary" onClick={() =>
                    navigate(room("customers", chosen.customers?.[0] ?? ""))}>
                    {t("promise.open_customer")}
                  </Button>
                )}
                {chosen.state === "open" && (
                  <Button small keys="x" onClick={() => setWithdrawing(true)}>
                    {t("promise.withdraw")}
                  </Button>
                )}
              </div>
            </div>
          </section>
        )}
      </div>
      {withdrawing && chosen && (
        <Withdraw promise={chosen} onClose={() => setWithdrawing(false)} />
      )}
    </div>
  );
}

function PromisedItem({ item }: { item: PromiseLine["items"][number] }) {
  return (
    <>
      <dt className="tn">{item.document}{item.instalment > 1 ? `/${item.instalment}` : ""}</dt>
      <dd>{decimal(item.amount)}</dd>
    </>
  );
}

function itemsOf(promise: PromiseLine): string {
  const documents = promise.items.filter((item) => !isZero(item.amount));
  return documents.length === 1 ? (documents[0]?.document ?? "")
    : t("promise.invoices", { count: documents.length });
}

function Withdraw({ promise, onClose }: { promise: PromiseLine; onClose: () => void }) {
  const { entity } = useMe();
  const refresh = useRefresh(entity.entity);
  const [reason, setReason] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(idempotencyKey);
  async function withdraw() {
    try {
      await post(inEntity(entity.entity, "promises", promise.promise, "withdrawal"),
        { reason, on: entity.today }, key);
      void refresh();
      toast(t("promise.withdrawn"));
      onClose();
    } catch (failure) {
      setError(failure);
    }
  }
  return (
    <Dialog title={t("promise.withdraw")} className="small" onClose={onClose}
      closeLabel={t("action.close")} footer={(
        <Button kind="primary" disabled={!reason.trim()} onClick={() => void withdraw()}>
          {t("promise.withdraw")}
        </Button>
      )}>
      <div className="body">
        <p>{t("promise.withdraw_text", {
          amount: money(promise.amount, promise.currency), name: promise.name, day: day(promise.by),
        })}</p>
        <label className="field">
          <span className="label">{t("field.why")}</span>
          <input autoFocus className="in" value={reason}
            onChange={(event) => setReason(event.target.value)} />
        </label>
        {error !== null && <Note tone="bad" icon="err">{problemText(error)}</Note>}
      </div>
    </Dialog>
  );
}
