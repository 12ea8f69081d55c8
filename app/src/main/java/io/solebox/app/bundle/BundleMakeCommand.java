package io.solebox.app.bundle;

import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.bundle.BlobList;
import io.solebox.store.bundle.BundleMaker;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.sign.KeyName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a bundle. */
@Command(
    name = "make",
    description = "Write models, signed, for machines without a network.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BundleMakeCommand implements Callable<Integer> {
  private static final long FOUR_GIB = 1L << 32;

  private final Bundles bundles;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "MODEL",
      description = "Names as 'solebox models ls' shows them, or paths.")
  private List<String> models = List.of();

  @Option(names = "--with-runtime", description = "Also bring this Solebox itself.")
  private boolean withRuntime;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to.")
  private Path out;

  @Option(
      names = "--key",
      paramLabel = "NAME",
      description = "Of 'solebox keys'. Default: the one that there is.")
  private Optional<String> key;

  @Option(
      names = "--split",
      paramLabel = "SIZE",
      description =
          "Write pieces of at most this size, FILE.001 and so on; 4G is a byte less, as FAT32 wants"
              + " it.")
  private Optional<String> split;

  @Option(
      names = "--since",
      paramLabel = "FILE",
      description =
          "Leave out what a machine has already: a list of its 'bundle list', or the bundle that it"
              + " imported last.")
  private Optional<Path> since;

  @Option(names = "--force", description = "Replace files of these names.")
  private boolean force;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BundleMakeCommand(Bundles bundles) {
    this.bundles = bundles;
  }

  @Override
  public Integer call() {
    if (models.isEmpty() && !withRuntime) {
      throw new ParameterException(spec.commandLine(), "Name a model, or --with-runtime");
    }
    OptionalLong pieceBytes = pieceBytes();
    KeyName signer = key.map(KeyName::parse).orElseGet(this::onlyKey);
    var signingKey = bundles.keys().read(signer);
    Set<Digest> without =
        since.map(file -> BlobList.since(file, bundles.trust())).orElseGet(Set::of);
    try (var bar = new ProgressBar(bundles.console(), "bundle")) {
      List<BundleMaker.Content> contents =
          new ArrayList<>(new TravellingModels(bundles.environment(), bar).of(models));
      if (withRuntime) {
        contents.add(TravellingRuntime.of());
      }
      var order = new BundleMaker.Order(contents, without, Instant.now(), out, pieceBytes, force);
      BundleMaker.Made made = BundleMaker.make(order, signingKey, bar);
      bar.wipe();
      report(made, contents, signer);
    }
    return 0;
  }

  private OptionalLong pieceBytes() {
    if (split.isEmpty()) {
      return OptionalLong.empty();
    }
    long bytes =
        Units.bytesOf(split.get()).stream()
            .map(size -> size == FOUR_GIB ? BundleMaker.MOST_OF_FAT : size)
            .filter(size -> size >= BundleMaker.LEAST_OF_PIECE)
            .findFirst()
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "--split "
                            + split.get()
                            + " is no size of 64 KiB or more; write as in 4G"));
    return OptionalLong.of(bytes);
  }

  private KeyName onlyKey() {
    List<KeyName> names = bundles.keys().names();
    if (names.size() == 1) {
      return names.getFirst();
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "--key",
        names.isEmpty() ? "there is no key to sign with" : "there are several keys: " + names,
        names.isEmpty() ? "Make one with 'solebox keys make NAME'." : "Say which with --key NAME.");
  }

  private void report(BundleMaker.Made made, List<BundleMaker.Content> contents, KeyName signer) {
    List<String> titles = contents.stream().map(content -> content.item().title()).toList();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("bundle", made.id().toString());
      fields.put("items", titles);
      fields.put("files", made.files().stream().map(Path::toString).toList());
      fields.put("bytes", made.bytes());
      fields.put("key", signer.text());
      fields.put("omitted", made.omitted().stream().map(blob -> blob.digest().toString()).toList());
      bundles.json(fields);
      return;
    }
    String files =
        made.files().size() == 1
            ? made.files().getFirst().toString()
            : "%s to %s, %d pieces"
                .formatted(
                    made.files().getFirst(),
                    made.files().getLast().getFileName(),
                    made.files().size());
    bundles
        .console()
        .println(
            "wrote %s (%s): %s"
                .formatted(files, Units.bytes(made.bytes()), String.join(", ", titles)));
    if (!made.omitted().isEmpty()) {
      long bytes = made.omitted().stream().mapToLong(Descriptor::size).sum();
      bundles
          .console()
          .println(
              "left out, since the machine has them: %d files (%s)"
                  .formatted(made.omitted().size(), Units.bytes(bytes)));
    }
    bundles
        .console()
        .println(
            "signed by '%s'; a machine that trusts it takes it with 'solebox bundle import %s'"
                .formatted(signer, made.files().getFirst().getFileName()));
  }
}
