import { useState } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../../paths';
import { Confirm } from './confirm';
import { Entry } from './form';
import {
  type AccessChoice,
  chosenOf,
  type Edits,
  firstChoice,
  planOf,
  type Subject,
  settingsOf,
  settingsWith,
  tokenChangeOf,
} from './plan';

interface EditorProps {
  subject: Subject;
  asked: string | null; // the token strategy that a link names
}

/** The form and the confirmation, and all that was entered. The token is kept nowhere else. */
export function Editor({ subject, asked }: EditorProps) {
  const { id, group } = subject;
  const hasToken = group?.AuthTokenEnabled ?? false;
  const [edits, setEdits] = useState<Edits>({});
  const [later, setLater] = useState(false);
  const [chosen, setChosen] = useState<AccessChoice>(); // undefined: untouched, so it follows the group
  const [step, setStep] = useState<'first' | 'confirm' | 'again'>('first');
  const [, navigate] = useLocation();
  const now = settingsOf(subject);
  const first = firstChoice(hasToken, group ? asked : null);
  const choice = chosen ?? first;
  const plan = planOf(now, edits, tokenChangeOf(hasToken, choice), later);
  const choose = (part: Partial<AccessChoice>) => setChosen(chosenOf(first, { ...choice, ...part }));
  const onCancel = () => navigate(paths.group(id));

  if (step === 'confirm') {
    return (
      <Confirm
        subject={subject}
        plan={plan}
        onBack={() => setStep('again')}
        onCancel={onCancel}
        onRotateFirst={() => choose({ control: 'auth', strategy: 'ROTATE' })}
      />
    );
  }
  return (
    <Entry
      subject={subject}
      settings={settingsWith(now, edits)}
      onEdit={(part) => setEdits((before) => ({ ...before, ...part }))}
      choice={choice}
      onChoose={choose}
      plan={plan}
      later={later}
      onLater={setLater}
      again={step === 'again'}
      onCancel={onCancel}
      onNext={() => setStep('confirm')}
    />
  );
}
