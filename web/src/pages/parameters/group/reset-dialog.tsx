import Box from '@cloudscape-design/components/box';
import { isChanged, type Setting } from '../../../cache/parameters';
import type { Use } from '../../../cache/uses';
import { Confirm } from '../../../components/confirm';
import { resetParameters, useParameterChange } from '../../../data/parameters';
import { usePageText } from '../../../i18n/page-text';
import { parameterWords } from '../../../i18n/parameters';
import { useNotices } from '../../../shell/notices';
import { Effect } from './change-dialog';

interface ResetDialogProps {
  name: string; // of the group
  settings: Setting[]; // that are set
  all?: boolean;
  users: Use[];
  onClose(): void;
}

/** Gives one parameter its default again, or all of them. */
export function ResetDialog({ name, settings, all = false, users, onClose }: ResetDialogProps) {
  const { reset: words, change: changeWords } = usePageText(parameterWords);
  const { tell } = useNotices();
  const only = settings[0]?.name ?? '';
  const changed = settings.filter(isChanged);
  const change = useParameterChange<void>(
    () => resetParameters(name, all ? undefined : only),
    () => {
      tell('success', all ? words.doneAll(name) : words.done(only));
      onClose();
    },
  );
  return (
    <Confirm
      title={all ? words.titleAll(name) : words.title(only)}
      submit={words.submit}
      running={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      {changed.length === 0 ? (
        <Box>{words.same}</Box>
      ) : (
        <div>
          <Box>{words.effect}</Box>
          <ul>
            {changed.map(({ name: parameter, value, usual }) => (
              <li key={parameter}>{words.line(parameter, value || changeWords.empty, usual || changeWords.empty)}</li>
            ))}
          </ul>
        </div>
      )}
      {changed.length > 0 && <Effect setting={{ reboot: changed.every(({ reboot }) => reboot) }} users={users} />}
    </Confirm>
  );
}
