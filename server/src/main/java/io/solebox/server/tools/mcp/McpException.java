package io.solebox.server.tools.mcp;

/** A server of tools does not do what it should; the message is for whoever runs this one. */
final class McpException extends Exception {
  private static final long serialVersionUID = 1L;

  McpException(String message) {
    super(message);
  }

  McpException(String message, Throwable cause) {
    super(message, cause);
  }
}
