import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useText } from '../../../i18n';

/** The tags that have an effect. */
export function OwnTags() {
  const { own } = useText().group.tagsOf;
  return (
    <ExpandableSection headerText={own.title} defaultExpanded>
      <SpaceBetween size="s">
        <Box>{own.hint}</Box>
        <KeyValuePairs
          columns={2}
          minColumnWidth={260}
          items={[
            { label: 'aikagi:set-guard', value: own.guard },
            { label: 'aikagi:set-guard-quiet', value: own.quiet },
            { label: 'aikagi:tls-guard', value: own.tlsGuard },
            { label: 'aikagi:tls-guard-quiet', value: own.tlsQuiet },
          ]}
        />
      </SpaceBetween>
    </ExpandableSection>
  );
}
