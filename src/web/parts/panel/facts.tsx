import type { ReactNode } from 'react';
import type { Listed } from '../../../protocol/listing.ts';
import { parentOf } from '../../folder-path.ts';
import { formatCount, formatExact, formatSize } from '../../format.ts';

export const Facts = ({ listed }: { listed: Listed }) => (
  <dl className="facts">
    <Fact name="Where">{parentOf(listed.path) || 'All files'}</Fact>
    {listed.size !== undefined && (
      <Fact name="Size">
        {formatSize(listed.size)}
        {listed.size > 1023 && ` (${formatCount(listed.size)} bytes)`}
      </Fact>
    )}
    {listed.modified_time !== undefined && (
      <Fact name="Changed">{formatExact(Date.parse(listed.modified_time))}</Fact>
    )}
    <Fact name="By">{listed.author}</Fact>
    <Fact name="Version">{formatCount(listed.version)}</Fact>
    {listed.executable === true && <Fact name="May be run">yes</Fact>}
    {listed.target !== undefined && <Fact name="Leads to">{listed.target}</Fact>}
    {listed.checksum !== undefined && (
      <Fact name="SHA-256">
        <code className="checksum">{listed.checksum}</code>
      </Fact>
    )}
  </dl>
);

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
