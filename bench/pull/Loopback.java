import io.solebox.store.blob.Digest;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import io.solebox.store.pull.transfer.Identity;
import io.solebox.store.pull.transfer.Origin;
import io.solebox.store.pull.transfer.Transfer;
import io.solebox.store.pull.transfer.TransferOptions;
import io.solebox.store.pull.transfer.TransferProgress;
import io.solebox.testkit.hub.FakeAnswer;
import io.solebox.testkit.hub.FakeBody;
import io.solebox.testkit.hub.FakeServer;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Locale;

/**
 * A file from the loopback address through all that a pull does to it: pieces, journal, checksums,
 * digest.
 *
 * <pre>
 * Loopback serve BYTES                    prints address and digest, serves until it is ended
 * Loopback fetch ADDRESS DIGEST BYTES FOLDER   fetches into the folder, says how long it took
 * </pre>
 */
final class Loopback {
  private Loopback() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("serve")) {
      serve(Long.parseLong(arguments[1]));
    } else {
      fetch(
          URI.create(arguments[1]),
          Digest.parse(arguments[2]).orElseThrow(),
          Long.parseLong(arguments[3]),
          Path.of(arguments[4]));
    }
  }

  private static void serve(long bytes) throws Exception {
    FakeBody body = FakeBody.noise(bytes);
    MessageDigest sha256 = Digest.sha256();
    try (var hash = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
      body.write(hash, 0, bytes);
    }
    var server = new FakeServer(request -> FakeAnswer.ranged(request, body, "\"noise\""));
    System.out.println(server.uri() + " " + Digest.ofFinished(sha256));
    Thread.currentThread().join();
  }

  private static void fetch(URI uri, Digest digest, long bytes, Path folder) throws Exception {
    Files.createDirectories(folder);
    long before = Transfer.bytesDone(folder);
    Origin origin = () -> new Origin.Located(Ask.get(uri), bytes, new Identity.Sha256(digest));
    long start = System.nanoTime();
    try (var outbound = new Outbound(new Network.Open(), Patience.USUAL)) {
      var progress =
          new TransferProgress() {
            @Override
            public void bytes(long here) {}

            @Override
            public void note(String text) {
              System.err.println(text);
            }
          };
      new Transfer(folder, origin, outbound, TransferOptions.USUAL, progress)
          .fetch(origin.locate());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d bytes, %d of them here before, in %.2f s: %.2f GB/s; digest right; heap at most %d"
            + " MB%n",
        bytes,
        before,
        seconds,
        (bytes - before) / seconds / 1e9,
        Runtime.getRuntime().maxMemory() >> 20);
  }
}
