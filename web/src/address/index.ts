export { Link, useLocation, useParams } from 'wouter';
export { choice, choices, flag, matching, readSearch, textParam, writeSearch, type Param, type Values } from './search';
export { useParamsOf } from './useParamsOf';
