export { Link, useLocation, useParams } from 'wouter';
export { choice, choices, flag, matching, readSearch, textParam, useParamsOf, writeSearch, type Param, type Values } from './search';
