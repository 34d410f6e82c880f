import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { idempotencyKey, post } from "../../api/client";
import { inEntity, useFollowUps, useRefresh } from "../../api/queries";
import type { FollowUpLine } from "../../api/types";
import { relative, shortDay } from "../../texts/format";
import { t, tCode } from "../../texts";
import { problemText } from "../../texts/problems";
import { Button, Note, Seg } from "../../ui/controls";
import { navigate } from "../../ui/router";
import { Empty, Failed, Skeleton } from "../../ui/states";
import { DataTable } from "../../ui/table";
import { toast } from "../../ui/toast";
import { useMe, useRoom } from "../session/me";

/** The next actions, agreed or prescribed, the latest first. */
export function FollowUps() {
  const { entity, session, can } = useMe();
  const room = useRoom();
  const refresh = useRefresh(entity.entity);
  const [mine, setMine] = useState(session.roles.includes("collector"));
  const [error, setError] = useState<unknown>(null);
  const read = useFollowUps(entity.entity, mine ? { owner: session.login } : {});
  const rows = useMemo(() => (read.data?.pages.flatMap((page) => page.items) ?? [])
    .filter((one) => !mine || one.owner === session.login)
    .sort((a, b) => a.due_on.localeCompare(b.due_on)), [read.data, mine, session.login]);
  async function close(row: FollowUpLine) {
    setError(null);
    try {
      await post(inEntity(entity.entity, "follow-ups", row.follow_up_id, "closing"),
        { customer: row.customers[0], on: entity.today }, idempotencyKey());
      void refresh();
      toast(t("followups.closed"));
    } catch (failure) {
      setError(failure);
    }
  }
  const columns: ColumnDef<FollowUpLine>[] = [
    { id: "due", header: t("field.due"), accessorFn: (row) => row.due_on, meta: { className: "tn" },
      cell: ({ row }) => (
        <span className={row.original.due_on < entity.today ? "bad" : ""}>
          {shortDay(row.original.due_on)}
          <span className="t3 s"> {relative(entity.today, row.original.due_on)}</span>
        </span>
      ) },
    { accessorKey: "name", header: t("customer.one"), meta: { wide: true } },
    { id: "action", header: t("call.next"), accessorFn: (row) => tCode("next_action", row.action) },
    { id: "kind", header: t("field.kind"), accessorFn: (row) => tCode("followup_kind", row.kind) },
    { accessorKey: "promise", header: t("promise.one"), meta: { className: "tn t2" } },
    { accessorKey: "owner", header: t("field.owner") },
    { id: "done", header: () => <span className="vh">{t("followups.close")}</span>,
      enableSorting: false, cell: ({ row }) => can("log_contact") && row.original.follow_up_id && (
        <Button small kind="quiet" icon="check" onClick={(event) => {
          event.stopPropagation();
          void close(row.original);
        }}>{t("followups.close")}</Button>
      ) },
  ];
  return (
    <section className="card fill fillbox" data-pane>
      <header>
        <Seg label={t("worklist.whose")} value={mine ? "mine" : "team"}
          onChange={(value) => setMine(value === "mine")} options={[
            { value: "mine", label: t("worklist.mine") }, { value: "team", label: t("worklist.team") },
          ]} />
        <span className="s t3">{t("promises.count", { count: rows.length })}</span>
        {error !== null && <Note tone="bad" icon="err" live>{problemText(error)}</Note>}
      </header>
      {read.error && !read.data ? <Failed error={read.error} onRetry={() => read.refetch()} />
        : read.isPending ? <Skeleton rows={12} />
          : rows.length === 0 ? <Empty icon="ok" title={t("followups.none")} />
            : (
              <DataTable label={t("followups.tab")} rows={rows} columns={columns}
                keyOf={(row) => row.follow_up_id || `${row.promise}${row.kind}`}
                onOpen={(row) => navigate(room("customers", row.customers[0] ?? ""))}
                onEnd={() => {
                  if (read.hasNextPage && !read.isFetchingNextPage) void read.fetchNextPage();
                }} />
            )}
    </section>
  );
}
