package io.solebox.clients;

import io.solebox.server.ServerConfig;

/**
 * The servers of the pages' tests, for somebody who looks at pages while they are made: says where
 * they listen, and stays until it is interrupted. {@code UiServer [PORT [PORT]]}: without accounts,
 * and with accounts that nobody has yet.
 */
final class UiServer {
  private UiServer() {}

  public static void main(String[] arguments) throws InterruptedException {
    int open = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    int closed = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    try (var one = new ScriptedServer(config -> config.withPort(open));
        var other = new ScriptedServer(config -> withAccounts(config).withPort(closed))) {
      System.out.println("without accounts: " + one.url());
      System.out.println("with accounts: " + other.url() + ", first code " + other.setUpCode());
      Thread.currentThread().join();
    }
  }

  static ServerConfig withAccounts(ServerConfig config) {
    return config.withAccounts();
  }
}
