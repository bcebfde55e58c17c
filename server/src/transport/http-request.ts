const HTTP_METHOD = /^(GET|POST|PUT|HEAD|OPTIONS|DELETE|PATCH|CONNECT|TRACE|PRI) /;

/** Whether a first line is an HTTP request's: a browser's or a scanner's, not that of anybody who speaks one of our protocols. */
export function isHttpRequest(line: string): boolean {
  return HTTP_METHOD.test(line);
}
