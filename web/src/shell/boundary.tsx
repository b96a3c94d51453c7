import Alert from '@cloudscape-design/components/alert';
import { Component, type ReactNode } from 'react';
import { Reload } from '../components/reload';
import { useText } from '../i18n';
import { Page } from '.';

interface BoundaryProps {
  /** Of what is shown. Somewhere else is another try, with scripts that are loaded anew. */
  path: string;
  children: ReactNode;
}

/** Says that a page cannot be shown, where there would be an empty window, and keeps the way out. */
export class Boundary extends Component<BoundaryProps, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError = () => ({ broken: true });

  override componentDidUpdate({ path }: BoundaryProps) {
    if (this.state.broken && path !== this.props.path) window.location.reload();
  }

  override render() {
    return this.state.broken ? <Broken path={this.props.path} /> : this.props.children;
  }
}

function Broken({ path }: { path: string }) {
  const { common } = useText();
  return (
    <Page title={common.broken} crumbs={[{ text: common.broken, path }]}>
      <Alert type="error" header={common.broken} action={<Reload />}>
        {common.brokenDetail}
      </Alert>
    </Page>
  );
}
