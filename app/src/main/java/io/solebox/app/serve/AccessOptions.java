package io.solebox.app.serve;

import io.solebox.app.console.Environment;
import io.solebox.server.ServerConfig;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who may use a server, and how much of it. */
final class AccessOptions {
  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "Keys of those who may use the API, one a line, with what each may use.")
  private Optional<Path> apiKeyFile;

  @Option(
      names = "--accounts",
      description =
          "Let in people with accounts alone; the first is made with a code that is printed here."
              + " Where somebody has an account, this is so in any case.")
  private boolean accounts;

  @Option(
      names = "--setup",
      description =
          "An appliance: until there is an administrator, whoever reads the code on the machine's"
              + " screen ('solebox host screen') sets it up in a browser, at /setup. With"
              + " accounts.")
  private boolean setUp;

  @Option(
      names = "--limits",
      paramLabel = "WORDS",
      description =
          "What each key may use that says nothing else, or without keys all requests together, as"
              + " in 'rpm=60 concurrent=4 tpm=20000 tpd=1000000': requests a minute, requests at"
              + " the same time, tokens a minute, tokens a day. Default: no limits.")
  private Optional<String> limits;

  @Option(
      names = "--allowed-host",
      paramLabel = "NAME",
      description =
          "A further name by which clients call this server, as behind a proxy. Can be given"
              + " several times.")
  private List<String> allowedHosts = List.of();

  @Option(
      names = "--proxy",
      paramLabel = "ADDRESS[/BITS]",
      description =
          "A proxy in front that is believed who calls, by X-Forwarded-For, -Proto and -Host or by"
              + " Forwarded; nobody else is. Can be given several times.")
  private List<String> proxies = List.of();

  @Option(
      names = "--allowed-origin",
      paramLabel = "ORIGIN",
      description =
          "A web page or program that may use this server from a browser, as in"
              + " https://notes.example or app://notes; * is all and takes --api-key-file. Can be"
              + " given several times.")
  private List<String> allowedOrigins = List.of();

  @Option(
      names = "--share-models",
      description =
          "Let other machines fetch the models of this one's store, by the same keys: 'solebox pull"
              + " solebox://HOST:PORT/NAME'.")
  private boolean shareModels;

  /** Whether somebody in front may do the encrypting. */
  boolean namesProxy() {
    return !proxies.isEmpty();
  }

  @Mixin private OidcOptions oidc;

  /** Refuses what contradicts itself. */
  void check(Environment environment) {
    oidc.check(environment);
  }

  /**
   * @throws io.solebox.engine.error.SoleboxException if the key file is bad, or a limit is none
   */
  ServerConfig apply(ServerConfig config, Environment environment) {
    ServerConfig sharing =
        shareModels
            ? config.withShared(new SharedStore(ModelStore.open(environment.storeFolder())))
            : config;
    ServerConfig open =
        sharing
            .withAllowedHosts(allowedHosts)
            .withAllowedOrigins(allowedOrigins)
            .withProxies(proxies);
    ServerConfig anybody = accounts ? open.withAccounts() : open;
    ServerConfig people = setUp ? anybody.withSetUp() : anybody;
    ServerConfig limited = limits.map(people::withUsualLimits).orElse(people);
    ServerConfig keyed = apiKeyFile.map(limited::withApiKeyFile).orElse(limited);
    return oidc.apply(keyed);
  }
}
