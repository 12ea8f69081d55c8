import io.solebox.testkit.hub.FakeHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A hub with one repository, on the loopback address.
 *
 * <pre>
 * Hub REPOSITORY FOLDER                   prints its address, serves until it is ended
 * </pre>
 */
final class Hub {
  private Hub() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.list(Path.of(arguments[1]))) {
      for (Path file : all.sorted().toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    var hub = new FakeHub().commit(arguments[0], "main", "1".repeat(40), files);
    System.out.println(hub.uri());
    Thread.currentThread().join();
  }
}
