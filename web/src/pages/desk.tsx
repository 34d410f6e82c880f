import { useEffect, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { get } from "../api/client";
import { inEntity } from "../api/queries";
import type { Customer } from "../api/types";
import { CallPanel } from "../features/call/call-panel";
import { useCall } from "../features/call/use-call";
import { CustomerPane } from "../features/customer/pane";
import { useMe } from "../features/session/me";
import { useWorklistState } from "../features/worklist/use-worklist";
import { Worklist } from "../features/worklist/worklist";
import { t } from "../texts";
import { scopeRank, useCommands } from "../ui/keys";
import { setQuery, useLocation } from "../ui/router";
import { Empty } from "../ui/states";
import { toast } from "../ui/toast";

/** Worklist, customer, call: three panes that stay put all day. */
export function DeskPage() {
  const { entity, can } = useMe();
  const { query } = useLocation();
  const list = useWorklistState();
  const client = useQueryClient();
  const number = query.get("customer") ?? list.selected?.customers[0] ?? "";
  const [shownFor, setShownFor] = useState<string | null>(null);
  const call = useCall(number, (andNext, saved) => {
    const next = andNext ? list.next() : undefined;
    toast(!saved ? t("call.kept_offline")
      : next ? t("call.saved_next", { name: next.party }) : t("call.saved"));
    setShownFor(null);
    if (next) list.select(next);
  });
  const open = call.draft !== null && shownFor !== `aside ${number}`;

  function start() {
    call.begin();
    setShownFor(number);
  }
  // The next customer is there before it is asked for.
  const following = list.rows[list.index + 1]?.customers[0];
  useEffect(() => {
    if (!following) return;
    void client.prefetchQuery({
      queryKey: ["entity", entity.entity, "customers", following],
      queryFn: () => get<Customer>(inEntity(entity.entity, "customers", following)),
    });
  }, [client, entity.entity, following]);

  useCommands(t("keys.page"), scopeRank.page, [
    { id: "call", keys: ["c"], label: t("command.call"), run: start,
      disabled: !number || !can("log_contact") },
  ], { active: !open });

  return (
    <div className={`desk${open ? "" : " no-call"}`}>
      <Worklist list={list} idle={!open} />
      {number ? (
        <CustomerPane key={`customer ${number}`} number={number} call={open ? call.inCall : undefined}
          siblings={list.selected?.customers ?? []} onCall={start}
          onSibling={(one) => setQuery({ customer: one })} />
      ) : (
        <section className="cust" aria-label={t("customer.one")}>
          <Empty icon="list" title={t("worklist.choose")} />
        </section>
      )}
      {open && <CallPanel key={`call ${number}`} call={call}
        onClose={() => setShownFor(`aside ${number}`)} />}
    </div>
  );
}
