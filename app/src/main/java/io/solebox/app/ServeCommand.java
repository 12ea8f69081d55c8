package io.solebox.app;

import io.solebox.engine.api.Engine;
import io.solebox.server.ModelRegistry;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The HTTP server; ends at SIGTERM or Ctrl-C, when running answers are through. */
@Command(
    name = "serve",
    description = "Serve models through the OpenAI API and a page for the browser.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final Console console;
  private final ModelLocator locator;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "Paths or names of models.")
  private List<String> models;

  @Option(
      names = "--host",
      defaultValue = ServerConfig.DEFAULT_HOST,
      description =
          "Address to listen on; beyond this machine it takes --api-key-file."
              + " Default: ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "" + ServerConfig.DEFAULT_PORT,
      description = "Port to listen on; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Longest sequences that the KV cache holds at once, for each model. Default:"
              + " ${DEFAULT-VALUE}.")
  private int parallel;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "Keys of those who may use the API, one a line.")
  private Optional<Path> apiKeyFile;

  @Option(
      names = "--allowed-host",
      paramLabel = "NAME",
      description =
          "A further name by which clients call this server, as behind a proxy. Can be given several"
              + " times.")
  private List<String> allowedHosts;

  @Mixin private EngineOptions engine;

  ServeCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (parallel < 1) {
      throw new ParameterException(
          spec.commandLine(), "--parallel is " + parallel + ", but must be at least 1");
    }
    engine.check();
    var config =
        new ServerConfig(
            host,
            port,
            apiKeyFile,
            allowedHosts == null ? List.of() : allowedHosts,
            ServerConfig.DEFAULT_MAX_BODY_BYTES);
    Map<String, Path> files = files();
    var options = engine.loadOptions(parallel);
    Engine device = engine.open();
    var registry = new ModelRegistry();
    SoleboxServer server;
    try {
      server = SoleboxServer.start(config, registry);
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
    var loader = new ModelLoader(console, device, registry, files, options);
    var ended = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> endBySignal(server, loader, device, ended), "solebox-shutdown"));
    console.println("Solebox listens on " + url(server.port()));
    console.error(device.device() + ". Ctrl-C stops.");
    device.notes().forEach(note -> console.error("note: " + note));
    loader.start();
    loader.awaitAllFailed();
    if (ended.compareAndSet(false, true)) {
      end(server, loader, device);
    }
    return Main.FAILED;
  }

  /** Models by the names under which they are offered. */
  private Map<String, Path> files() {
    var files = new LinkedHashMap<String, Path>();
    List<Optional<String>> wanted =
        models == null ? List.of(Optional.empty()) : models.stream().map(Optional::of).toList();
    for (Optional<String> model : wanted) {
      Path file = locator.locate(model);
      if (files.put(ModelLocator.nameOf(file), file) != null) {
        throw new ParameterException(
            spec.commandLine(),
            "two models would be offered as " + ModelLocator.nameOf(file) + "; rename one file");
      }
    }
    return files;
  }

  /** Runs in the shutdown hook, and ends the process with 0 although a signal ended it. */
  private void endBySignal(
      SoleboxServer server, ModelLoader loader, Engine device, AtomicBoolean ended) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    try {
      console.error(
          "Stopping: running answers have %d seconds to end.".formatted(DRAIN.toSeconds()));
      loader.cancel();
      server.drain(DRAIN);
      end(server, loader, device);
      console.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }

  private static void end(SoleboxServer server, ModelLoader loader, Engine device)
      throws InterruptedException {
    server.close();
    loader.close();
    device.close();
  }

  private String url(int actualPort) {
    try {
      // A wildcard address is no address to call.
      String name = InetAddress.getByName(host).isAnyLocalAddress() ? "localhost" : host;
      return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + actualPort;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // the server listens on it
    }
  }
}
