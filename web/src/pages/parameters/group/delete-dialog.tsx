import Box from '@cloudscape-design/components/box';
import { useLocation } from 'wouter';
import { Confirm } from '../../../components/confirm';
import { useParameterDeletion } from '../../../data/parameters';
import { useText } from '../../../i18n';
import { usePageText } from '../../../i18n/page-text';
import { parameterWords } from '../../../i18n/parameters';
import { paths } from '../../../paths';
import { useNotices } from '../../../shell/notices';

/** Deletes a parameter group that no cache uses. */
export function DeleteDialog({ name, onClose }: { name: string; onClose(): void }) {
  const { common } = useText();
  const { remove: words } = usePageText(parameterWords);
  const { tell } = useNotices();
  const [, navigate] = useLocation();
  const change = useParameterDeletion(name, () => {
    tell('success', words.done(name));
    navigate(paths.parameters);
  });
  return (
    <Confirm
      title={words.title(name)}
      submit={common.delete}
      running={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Box>{words.effect}</Box>
    </Confirm>
  );
}
