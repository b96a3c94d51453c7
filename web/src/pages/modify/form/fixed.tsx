import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import { nothing } from '../../../i18n/format';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import type { Subject } from '../plan';

/** What a cache keeps for life, and why. */
export function Fixed({ subject: { group, member } }: { subject: Subject }) {
  const modify = usePageText(modifyWords);
  const endpoint = group ? group.NodeGroups?.[0]?.PrimaryEndpoint : member?.CacheNodes?.[0]?.Endpoint;
  const port = endpoint?.Port;
  return (
    <Container
      header={
        <Header variant="h2" description={modify.fixedHint}>
          {modify.fixed}
        </Header>
      }
    >
      <ColumnLayout columns={2}>
        <Value label={modify.port} value={port ? String(port) : nothing} why={modify.portFixed} />
      </ColumnLayout>
    </Container>
  );
}

function Value({ label, value, why }: { label: string; value: string; why: string }) {
  return (
    <FormField label={label} constraintText={why}>
      <Input value={value} disabled />
    </FormField>
  );
}
