package io.solebox.server.tools;

/**
 * A tool whose work is done by a page of whoever asked: a call waits until a page that looks at its
 * chat says what came of it.
 */
public interface PageTool extends Tool {
  /**
   * A page has done it.
   *
   * @param result as untrusted as any tool's
   * @return whether a call waits for it; the first page that says something is heard
   */
  boolean answer(ToolCaller who, ToolResult result) throws InterruptedException;
}
