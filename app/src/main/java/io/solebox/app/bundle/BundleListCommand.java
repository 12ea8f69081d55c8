package io.solebox.app.bundle;

import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.bundle.BlobList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Which files this machine has, for whoever makes a bundle for it. */
@Command(
    name = "list",
    description =
        "Write which files of models this machine has, as JSON, for 'solebox bundle make --since'"
            + " elsewhere.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BundleListCommand implements Callable<Integer> {
  private final Bundles bundles;

  @Option(names = "--out", paramLabel = "FILE", description = "Where to. Default: stdout.")
  private Optional<Path> out;

  BundleListCommand(Bundles bundles) {
    this.bundles = bundles;
  }

  @Override
  public Integer call() {
    BlobList list = BlobList.of(bundles.store());
    if (out.isEmpty()) {
      bundles.console().println(new String(list.bytes(), StandardCharsets.UTF_8));
      return 0;
    }
    try {
      Disk.SYSTEM.replace(out.get(), list.bytes());
    } catch (IOException e) {
      throw StoreFailure.of(out.get(), e);
    }
    bundles.console().println("wrote %s: %d files".formatted(out.get(), list.digests().size()));
    return 0;
  }
}
