export { connection, useLamp, type Signal } from './connection';
export { Bulb, Lamp } from './Lamp';
export { Marks, useMarks, type Mark } from './marks';
export { queue, type Heard } from './queue';
export { Records, useRecord } from './records';
export { useStart } from './start';
export { Strip } from './Strip';
export { useNow } from './ticker';
export { useLook, useViewers, type Viewer } from './viewers';
