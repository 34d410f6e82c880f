import {
  keepPreviousData, QueryClient, useInfiniteQuery, useQuery, useQueryClient,
} from "@tanstack/react-query";
import { useCallback } from "react";
import { get, Problem, type Query } from "./client";
import type {
  Aging, BehaviourMonth, CallLine, Completeness, Customer, CustomerLine, DayProgress, Dispute,
  DisputeReason, FollowUpLine, GuardDecision, Metrics, OpenItemLine, Page, PromiseLine, Reason,
  SearchHit, Session, Team, TimelineEntry, WorklistPage,
} from "./types";

const pageSize = 500;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) =>
        !(error instanceof Problem && error.status < 500) && failures < 2,
    },
  },
});

/** The path of an entity's resource, its parts encoded. */
export function inEntity(entity: string, ...parts: string[]): string {
  return ["/entities", entity, ...parts.filter(Boolean)].map((part, index) =>
    index === 0 ? part : encodeURIComponent(part)).join("/");
}

export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: ({ signal }) => get<Session>("/session", {}, signal),
    staleTime: Infinity,
    retry: false,
  });
}

function useEntityQuery<T>(entity: string, parts: string[], query: Query, enabled = true) {
  return useQuery({
    queryKey: ["entity", entity, ...parts, query],
    queryFn: ({ signal }) => get<T>(inEntity(entity, ...parts), query, signal),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** A long list; the pages arrive one after the other, for the caller to ask for. */
function usePages<P extends Page<unknown>>(
  entity: string, parts: string[], query: Query, limit = pageSize, enabled = true,
) {
  return useInfiniteQuery({
    queryKey: ["entity", entity, ...parts, "pages", query],
    queryFn: ({ pageParam, signal }) =>
      get<P>(inEntity(entity, ...parts), { ...query, limit, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled,
    placeholderData: keepPreviousData,
  });
}

export const useWorklist = (entity: string, query: { collector: string | null }) =>
  usePages<WorklistPage>(entity, ["worklist"], query);
export const useDayProgress = (entity: string, collector: string | null) =>
  useEntityQuery<DayProgress>(entity, ["progress"], { collector });
export const useCustomer = (entity: string, customer: string) =>
  useQuery({
    queryKey: ["entity", entity, "customers", customer],
    queryFn: ({ signal }) => get<Customer>(inEntity(entity, "customers", customer), {}, signal),
    enabled: customer !== "",
  });
export const useTimeline = (entity: string, customer: string) =>
  useInfiniteQuery({
    queryKey: ["entity", entity, "customers", customer, "timeline"],
    queryFn: ({ pageParam, signal }) => get<Page<TimelineEntry>>(
      inEntity(entity, "customers", customer, "timeline"), { limit: 50, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: customer !== "",
  });
export const useBehaviour = (entity: string, customer: string) =>
  useEntityQuery<Page<BehaviourMonth>>(
    entity, ["customers", customer, "behaviour"], {}, customer !== "");
/** Callable now? One decision for each contact of the customer. */
export const useGuard = (entity: string, customer: string) =>
  useQuery({
    queryKey: ["entity", entity, "customers", customer, "guard"],
    queryFn: ({ signal }) => get<Page<GuardDecision>>(
      inEntity(entity, "customers", customer, "guard"), { channel: "call" }, signal),
    enabled: customer !== "",
    refetchInterval: 60_000,
    select: (page) => new Map(page.items.map((one) => [one.contact_id, one])),
  });
export const useDisputeReasons = () =>
  useQuery({
    queryKey: ["dispute-reasons"],
    queryFn: ({ signal }) => get<Page<DisputeReason>>("/dispute-reasons", {}, signal),
    staleTime: Infinity,
    select: (page) => page.items,
  });
export const useSearch = (entity: string, text: string) =>
  useQuery({
    queryKey: ["search", entity, text],
    queryFn: ({ signal }) => get<Page<SearchHit>>("/search", { q: text }, signal),
    enabled: text.trim().length > 1,
    placeholderData: keepPreviousData,
  });
export const useReasons = () =>
  useQuery({
    queryKey: ["reasons"],
    queryFn: ({ signal }) => get<Page<Reason>>("/reasons", {}, signal),
    staleTime: Infinity,
    select: (page) => page.items.filter((reason) => !reason.retired_on),
  });
export const useAging = (entity: string, query: Query, enabled = true) =>
  useEntityQuery<Aging>(entity, ["aging"], query, enabled);
export const useOpenItems = (entity: string, query: Query, enabled = true) =>
  useEntityQuery<Page<OpenItemLine>>(entity, ["items"], { limit: pageSize, ...query }, enabled);
export const usePromises = (entity: string, query: Query) =>
  usePages<Page<PromiseLine>>(entity, ["promises"], query);
export const useFollowUps = (entity: string, query: Query = {}) =>
  usePages<Page<FollowUpLine>>(entity, ["follow-ups"], query);
export const useDisputes = (entity: string, query: Query = {}, enabled = true) =>
  usePages<Page<Dispute>>(entity, ["disputes"], query, pageSize, enabled);
export const useCallSample = (entity: string, query: Query, enabled: boolean) =>
  useEntityQuery<Page<CallLine>>(entity, ["calls", "sample"], query, enabled);
export const useMetrics = (entity: string, query: Query) =>
  useEntityQuery<Metrics>(entity, ["metrics"], query);
export const useTeam = (entity: string, query: Query) =>
  useEntityQuery<Team>(entity, ["team"], query);
export const useCalls = (entity: string, query: Query, enabled = true) =>
  usePages<Page<CallLine>>(entity, ["calls"], query, 100, enabled);
export const useCallVersions = (entity: string, call: string) =>
  useEntityQuery<Page<CallLine>>(entity, ["calls", call], {}, call !== "");
export const useCompleteness = (entity: string, query: Query) =>
  useEntityQuery<Completeness>(entity, ["calls", "completeness"], query);
export const useCustomers = (entity: string, query: Query) =>
  usePages<Page<CustomerLine>>(entity, ["customers"], query, 200);

/** After a change: what was read of this entity is asked again, what is on screen at once. */
export function useRefresh(entity: string) {
  const client = useQueryClient();
  return useCallback(
    (...parts: string[]) => client.invalidateQueries({ queryKey: ["entity", entity, ...parts] }),
    [client, entity],
  );
}
