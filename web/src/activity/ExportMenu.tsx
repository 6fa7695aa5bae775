import { IconDownload } from '@tabler/icons-react';

import { useLocation } from '../address';
import { useMayEdit } from '../session';
import { activityText } from '../text/activity';
import { Button, Menu, usePhone } from '../ui';
import { exportAddress, exportLog, type Format } from './api';
import type { Filter } from './store/entry';

const formats: readonly Format[] = ['csv', 'ndjson', 'xlsx'];

/** An export of what is filtered: a job, or for viewers, who have none, a download. */
export function ExportMenu({ filter }: { filter: Filter }) {
  const jobs = useMayEdit();
  const phone = usePhone();
  const [, go] = useLocation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button {...(phone ? { look: 'quiet' as const, icon: true, label: activityText.export } : {})}>
          <IconDownload size={16} stroke={1.75} aria-hidden="true" />
          {!phone && activityText.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{filter.q ? activityText.exportWithoutSearch : activityText.exportOf}</Menu.Label>
        {formats.map((format) =>
          jobs ? (
            <Menu.Item key={format} onClick={() => void exportLog(format, filter, (job) => go(`/jobs/${job}`))}>
              {activityText.formats[format]}
            </Menu.Item>
          ) : (
            <Menu.Item key={format} component="a" href={exportAddress(format, filter)} download>
              {activityText.formats[format]}
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
