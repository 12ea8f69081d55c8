package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.app.console.Units;
import io.solebox.store.pull.http.Authority;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Proxies;
import io.solebox.store.pull.http.Sleeper;
import io.solebox.store.pull.transfer.Hours;
import io.solebox.store.pull.transfer.RateLimit;
import io.solebox.store.pull.transfer.TransferOptions;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How fast, when, and whether at all bytes are fetched from other machines. */
public final class TransferArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--limit",
      paramLabel = "RATE",
      description = "Not faster than this, as in 5MB/s. Default: as fast as it goes.")
  private Optional<String> limit;

  @Option(
      names = "--between",
      paramLabel = "HOURS",
      description = "Only in these hours of the day, as in 22:00-06:00; it waits for them.")
  private Optional<String> between;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "4",
      description = "Pieces at once, 1 to 16. Default: ${DEFAULT-VALUE}.")
  private int connections;

  @Option(
      names = "--offline",
      description = "Open no connection, as with SOLEBOX_OFFLINE=1: what would is refused.")
  private boolean offline;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "Trust servers whose certificate this authority (PEM) has signed, too, as of another"
              + " Solebox with --tls; solebox:// is encrypted then.")
  private Optional<Path> authority;

  /**
   * @throws io.solebox.engine.error.SoleboxException if the authority's file has none
   */
  public Network network(Environment environment) {
    if (offline && environment.airGap().closedBecause().isEmpty()) {
      return new Network.Closed("--offline was given");
    }
    return switch (Connections.of(environment)) {
      case Network.Open(Proxies proxies, _) ->
          new Network.Open(proxies, authority.map(Authority::of));
      case Network.Closed closed -> closed;
    };
  }

  public TransferOptions options() {
    if (connections < 1 || connections > TransferOptions.MOST_CONNECTIONS) {
      throw wrong("--connections is " + connections + ", but must be 1 to 16");
    }
    return new TransferOptions(
        connections,
        limit.map(this::rate).orElseGet(RateLimit::none),
        between.map(hours -> Hours.parse(hours, LocalTime::now)).orElseGet(Hours.Always::new),
        TransferOptions.Space.SYSTEM);
  }

  private RateLimit rate(String text) {
    OptionalLong bytes = Units.bytesOf(text.replaceFirst("(?i)(/s|ps)$", ""));
    if (bytes.isEmpty() || bytes.getAsLong() < 1) {
      throw wrong("--limit is '" + text + "', but must be a rate, as in 5MB/s");
    }
    return RateLimit.of(bytes.getAsLong(), Sleeper.SYSTEM);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
