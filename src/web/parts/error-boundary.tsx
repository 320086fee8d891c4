import { Component, type ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
}

/** Where a part of the page cannot be shown, says so in its place. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | undefined }> {
  override state = { error: undefined as Error | undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(`${error}`) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="blank" role="alert">
        <h2>This could not be shown</h2>
        <p>{error.message}</p>
        <div className="row">
          <button
            type="button"
            className="button"
            onClick={() => this.setState({ error: undefined })}
          >
            Try again
          </button>
          <button type="button" className="button quiet" onClick={() => location.reload()}>
            Load the page anew
          </button>
        </div>
      </div>
    );
  }
}
