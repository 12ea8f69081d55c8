package io.solebox.app.host;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.setup.SetUp;
import io.solebox.server.tls.BoxNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows on a machine's screen what its owner needs to get in. */
@Command(
    name = "screen",
    description =
        "Show where this machine is reached, the fingerprint of its authority, and the code with"
            + " which it is set up; again when something has changed. For the first console.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScreenCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 2000;
  private static final String CLEAR = "\033[H\033[2J";
  private static final String LISTENS = "0A";

  private final Console console;
  private final Environment environment;
  private final String version;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "As given to 'serve'. Default: server in the data folder.")
  private Optional<Path> state;

  @Option(names = "--once", description = "Show it once, and end.")
  private boolean once;

  ScreenCommand(Console console, Environment environment, String version) {
    this.console = console;
    this.environment = environment;
    this.version = version;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    String before = "";
    while (true) {
      String text = look().text();
      if (!text.equals(before)) {
        console.print((!once && console.outIsTerminal() ? CLEAR : "") + text);
        console.flush();
        before = text;
      }
      if (once) {
        return 0;
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private ScreenText look() throws IOException {
    Path folder = state.orElse(environment.serverFolder());
    Optional<ScreenText.Server> server = server(folder.resolve(SetUp.SCREEN));
    boolean listens = server.isPresent() && listens(server.get().port());
    return new ScreenText(version, BoxNames.addressesToCall(), server, listens);
  }

  private static Optional<ScreenText.Server> server(Path file) throws IOException {
    try {
      Map<String, Object> all =
          new JsonReader(JsonLimits.LOCAL).readObject(Files.readAllBytes(file));
      Optional<ScreenText.Code> code =
          text(all, "code").map(its -> new ScreenText.Code(its, until(text(all, "expires"))));
      return Optional.of(
          new ScreenText.Server(
              ((Long) all.get("port")).intValue(),
              all.get("tls").equals(true),
              text(all, "fingerprint"),
              code));
    } catch (NoSuchFileException | JsonException e) {
      return Optional.empty(); // it is written whole, so this is before the first time
    }
  }

  private static Optional<String> text(Map<String, Object> all, String name) {
    return Optional.ofNullable((String) all.get(name));
  }

  private static String until(Optional<String> moment) {
    return DateTimeFormatter.ofPattern("HH:mm z", Locale.ROOT)
        .withZone(ZoneId.systemDefault())
        .format(moment.map(Instant::parse).orElse(Instant.EPOCH));
  }

  /**
   * Asked of the kernel's lists (proc(5)): a connection is nothing that an air gap lets one try.
   */
  private static boolean listens(int port) throws IOException {
    String hex = ":%04X".formatted(port);
    for (Path list : List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"))) {
      if (Files.exists(list)) {
        for (String line : Files.readAllLines(list)) {
          String[] words = line.strip().split("\\s+");
          if (words.length > 3 && words[1].endsWith(hex) && words[3].equals(LISTENS)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
