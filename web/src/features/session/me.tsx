import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { EntitySummary, Session } from "../../api/types";
import { match, useLocation } from "../../ui/router";

export type Right = Session["rights"][number];

interface Me {
  session: Session;
  entity: EntitySummary;
  can: (right: Right) => boolean;
}

const MeContext = createContext<Me | null>(null);
const lastEntityKey = "arrears.entity";

/** Who is signed in, and the entity of the address (else the one used last, else the first). */
export function MeProvider({ session, children }: { session: Session; children: ReactNode }) {
  const { path } = useLocation();
  const code = entityOf(path) ?? localStorage.getItem(lastEntityKey) ?? "";
  const me = useMemo(() => {
    const entity = session.entities.find((one) => one.entity === code) ?? session.entities[0];
    if (entity) localStorage.setItem(lastEntityKey, entity.entity);
    const nowhere: EntitySummary = {
      entity: "", name: "", currency: "", time_zone: "UTC", today: "2026-01-01",
      all_books: false, collectors: [],
    };
    return {
      session, entity: entity ?? nowhere, can: (right: Right) => session.rights.includes(right),
    };
  }, [session, code]);
  return <MeContext.Provider value={me}>{children}</MeContext.Provider>;
}

export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe outside of MeProvider");
  return me;
}

function entityOf(path: string): string | null {
  const parts = path.split("/");
  return parts[1] === "e" && parts[2] ? decodeURIComponent(parts[2]) : null;
}

/** The path of a room of the present entity: room("customers", "C1"). */
export function useRoom() {
  const { entity } = useMe();
  return (...parts: string[]) =>
    ["/e", entity.entity, ...parts].map((part, index) =>
      index === 0 ? part : encodeURIComponent(part)).join("/");
}

export function useRoomMatch(pattern: string): Record<string, string> | null {
  const { path } = useLocation();
  return match(`/e/:entity${pattern}`, path);
}
