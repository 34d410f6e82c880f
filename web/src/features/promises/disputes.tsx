import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { idempotencyKey, post } from "../../api/client";
import { inEntity, useDisputes, useRefresh } from "../../api/queries";
import type { Dispute } from "../../api/types";
import { day, money, shortDay } from "../../texts/format";
import { t, tCode } from "../../texts";
import { problemText } from "../../texts/problems";
import { Button, Chip, Note, Seg } from "../../ui/controls";
import { Dialog } from "../../ui/dialog";
import { scopeRank, useCommands } from "../../ui/keys";
import { Amount } from "../../ui/money";
import { navigate } from "../../ui/router";
import { Empty, Failed, Skeleton } from "../../ui/states";
import { DataTable } from "../../ui/table";
import { toast } from "../../ui/toast";
import { useMe, useRoom } from "../session/me";

/** Contested amounts: only they leave the chase. A and R decide, with a reason. */
export function Disputes() {
  const { entity, can } = useMe();
  const room = useRoom();
  const [state, setState] = useState<"open" | "all">("open");
  const read = useDisputes(entity.entity, { state: state === "open" ? "open" : null });
  const [chosen, setChosen] = useState<Dispute | null>(null);
  const [deciding, setDeciding] = useState<"resolved" | "rejected" | null>(null);
  const rows = useMemo(() => read.data?.pages.flatMap((page) => page.items) ?? [], [read.data]);
  const may = can("dispute") && chosen?.state === "open";
  useCommands(t("keys.page"), scopeRank.page, [
    { id: "grant", keys: ["a"], label: t("dispute.grant"), run: () => setDeciding("resolved"),
      disabled: !may },
    { id: "reject", keys: ["r"], label: t("dispute.reject"), run: () => setDeciding("rejected"),
      disabled: !may },
  ], { active: deciding === null });
  const columns = useMemo((): ColumnDef<Dispute>[] => [
    { id: "state", header: t("field.state"), accessorFn: (row) => row.state, cell: ({ row }) => (
      <Chip icon="scale" {...(row.original.state === "open" ? { tone: "warn" as const } : {})}>
        {tCode("dispute_state", row.original.state)}
      </Chip>
    ) },
    { accessorKey: "name", header: t("customer.one"), meta: { wide: true } },
    { accessorKey: "document", header: t("field.document"), meta: { className: "tn" } },
    { id: "amount", header: t("field.amount"), meta: { numeric: true }, enableSorting: false,
      cell: ({ row: { original: one } }) => one.state === "open"
        ? <Amount value={one.disputed} currency={one.currency} />
        : one.amount === "whole" ? <span className="t3">{t("dispute.whole")}</span>
          : <Amount value={one.amount} currency={one.currency} /> },
    { id: "reason", header: t("dispute.reason"),
      accessorFn: (row) => tCode("dispute_reason", row.reason) },
    { accessorKey: "owner", header: t("field.owner") },
    { id: "due", header: t("field.due"), accessorFn: (row) => row.due ?? "", meta: { className: "tn" },
      cell: ({ row }) => shortDay(row.original.due ?? "") },
  ], []);
  return (
    <section className="card fill fillbox" data-pane>
      <header>
        <Seg label={t("field.state")} value={state} onChange={setState} options={[
          { value: "open", label: t("dispute_state.open") }, { value: "all", label: t("worklist.all") },
        ]} />
        <span className="sp" />
        {may && (
          <>
            <span className="el">{chosen?.document} · {chosen?.name}</span>
            <Button small keys="a" onClick={() => setDeciding("resolved")}>{t("dispute.grant")}</Button>
            <Button small keys="r" onClick={() => setDeciding("rejected")}>{t("dispute.reject")}</Button>
            <Button small kind="quiet" onClick={() =>
              navigate(room("customers", chosen?.customer ?? ""))}>{t("promise.open_customer")}</Button>
          </>
        )}
      </header>
      {read.error && !read.data ? <Failed error={read.error} onRetry={() => read.refetch()} />
        : read.isPending ? <Skeleton rows={12} />
          : rows.length === 0 ? <Empty icon="scale" title={t("dispute.none_open")} />
            : (
              <DataTable label={t("room.disputes")} rows={rows} columns={columns}
                keyOf={(row) => row.dispute_id} onMove={setChosen} />
            )}
      {deciding && chosen && (
        <Decide dispute={chosen} outcome={deciding} onClose={() => setDeciding(null)} />
      )}
    </section>
  );
}

function Decide({ dispute, outcome, onClose }: {
  dispute: Dispute;
  outcome: "resolved" | "rejected";
  onClose: () => void;
}) {
  const { entity } = useMe();
  const refresh = useRefresh(entity.entity);
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(idempotencyKey);
  const label = t(outcome === "resolved" ? "dispute.grant" : "dispute.reject");
  async function decide() {
    try {
      await post(inEntity(entity.entity, "disputes", dispute.dispute_id, "resolution"),
        { outcome, reason: text, on: entity.today }, key);
      void refresh();
      toast(t("dispute.decided", { day: day(entity.today) }));
      onClose();
    } catch (failure) {
      setError(failure);
    }
  }
  return (
    <Dialog title={`${label}: ${money(dispute.disputed, dispute.currency)}`} className="small"
      onClose={onClose} closeLabel={t("action.close")} footer={(
        <Button kind="primary" disabled={!text.trim()} onClick={() => void decide()}>{label}</Button>
      )}>
      <div className="body">
        <label className="field">
          <span className="label">{t("field.why")}</span>
          <textarea autoFocus className="in area" rows={3} value={text}
            onChange={(event) => setText(event.target.value)} />
        </label>
        {error !== null && <Note tone="bad" icon="err">{problemText(error)}</Note>}
      </div>
    </Dialog>
  );
}
