import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import type { EC2Link } from '../../api/own';
import { useFormats } from '../../i18n';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';

/** How it goes with the EC2 API that security groups are read from. */
export function EC2({ link: { Endpoint, ReadAt, FailingSince, Failure } }: { link: EC2Link }) {
  const { ec2: words } = usePageText(securityWords);
  const formats = useFormats();
  const read = ReadAt ? words.read(Endpoint, formats.dateTime(ReadAt)) : words.neverRead(Endpoint);
  if (!FailingSince) return <Box color="text-body-secondary">{read}</Box>;
  return (
    <Alert type="warning" header={words.failing}>
      {words.failingDetail(formats.dateTime(FailingSince), Failure)} {read}
    </Alert>
  );
}
