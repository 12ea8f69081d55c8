package io.solebox.clients;

import io.solebox.server.ServerConfig;

/**
 * The servers of the pages' tests, for somebody who looks at pages while they are made: says where
 * they listen, and stays until it is interrupted. {@code UiServer [PORT [PORT [PORT]]]}: without
 * accounts, with accounts that nobody has yet, and a box of its own with a store.
 */
final class UiServer {
  private UiServer() {}

  public static void main(String[] arguments) throws InterruptedException {
    int open = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    int closed = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    int boxed = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
    try (var box = new BoxProcess(boxed);
        var one = new ScriptedServer(config -> config.withPort(open));
        var issuer = new Issuer();
        var other = new ScriptedServer(config -> closed(config, issuer).withPort(closed))) {
      System.out.println("without accounts: " + one.url());
      System.out.println("with accounts: " + other.url() + ", first code " + other.setUpCode());
      System.out.println("a box: " + box.url() + ", first code " + box.setUpCode());
      System.out.println("its hub: " + box.hubUrl());
      System.out.println("a file: " + box.file());
      Thread.currentThread().join();
    }
  }

  /** With accounts, an issuer of them besides, and hardware to look at. */
  static ServerConfig closed(ServerConfig config, Issuer issuer) {
    return config
        .withAccounts()
        .withOidc(issuer.settings())
        .withSampler(new FakeHardware())
        .withGuard(FakeHardware::ruling)
        .withScouting(new FakeScout());
  }
}
