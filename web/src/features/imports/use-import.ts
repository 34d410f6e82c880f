import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import { inEntity } from "../../api/queries";
import type { ImportReport, ImportState, ImportUpload } from "../../api/types";
import { useMe } from "../session/me";

const pollMs = 400;
const busyStates = ["checking", "publishing"];

export const isBusy = (state: ImportState | undefined) =>
  state !== undefined && busyStates.includes(state.state);

/** An import on its way; asked again while the server works on it. */
export function useImport(upload: ImportUpload) {
  const { entity } = useMe();
  return useQuery({
    queryKey: ["import", entity.entity, upload.import_id],
    queryFn: ({ signal }) =>
      get<ImportState>(inEntity(entity.entity, "imports", upload.import_id), {}, signal),
    initialData: upload,
    staleTime: 0,
    refetchInterval: (query) => (isBusy(query.state.data) ? pollMs : false),
  });
}

export function reportOf(state: ImportState | undefined): ImportReport | null {
  return (state?.report ?? null) as ImportReport | null;
}
/** Rows that can go in: those that are not refused. */
export function goodRows(report: ImportReport): number {
  return report.rows - report.rejected;
}
