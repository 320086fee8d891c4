interface Props {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
  readonly what: string;
}

/** Asks for the next page, where there is one. */
export const MoreButton = ({ query, what }: Props) =>
  query.hasNextPage && (
    <button
      type="button"
      className="button more"
      disabled={query.isFetchingNextPage}
      onClick={() => query.fetchNextPage()}
    >
      {what}
    </button>
  );
