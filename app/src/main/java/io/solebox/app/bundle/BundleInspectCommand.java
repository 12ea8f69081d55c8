package io.solebox.app.bundle;

import io.solebox.app.console.Dates;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.store.bundle.BundleInspection;
import io.solebox.store.bundle.BundleItem;
import io.solebox.store.layout.Descriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a bundle says of itself. */
@Command(
    name = "inspect",
    description = "Show what a bundle brings, and who vouches for that, without importing it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BundleInspectCommand implements Callable<Integer> {
  private final Bundles bundles;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "A bundle, or its pieces.")
  private List<Path> files;

  @Option(
      names = "--check",
      description = "Also read all of it, and fail if it is not what was signed.")
  private boolean check;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BundleInspectCommand(Bundles bundles) {
    this.bundles = bundles;
  }

  @Override
  public Integer call() {
    BundleInspection inspection = BundleInspection.read(files, bundles.trust());
    if (check) {
      try (var bar = new ProgressBar(bundles.console(), "check")) {
        BundleInspection.check(files, bar);
      }
    }
    if (json) {
      bundles.json(fields(inspection));
      return 0;
    }
    switch (inspection.signer()) {
      case BundleInspection.Signer.Trusted(var by) ->
          bundles
              .console()
              .println("signed by '%s', whom this machine trusts".formatted(by.name()));
      case BundleInspection.Signer.Unknown(var _, var refusal) -> {
        bundles
            .console()
            .println("NOBODY WHOM THIS MACHINE TRUSTS HAS SIGNED THIS; what follows is a claim.");
        bundles.console().println(refusal.getMessage());
      }
    }
    bundles
        .console()
        .println(
            "made %s, %s, bundle %s"
                .formatted(
                    Dates.minute(inspection.index().made()),
                    Units.bytes(inspection.bytes()),
                    inspection.id().hex()));
    inspection.index().items().forEach(item -> print(item, inspection));
    if (check) {
      bundles.console().println("all of it was read, and is what was signed");
    }
    return 0;
  }

  private void print(BundleItem item, BundleInspection inspection) {
    bundles
        .console()
        .println("%s (%s)".formatted(item.title(), Units.bytes(item.manifest().size())));
    if (item instanceof BundleItem.Runtime) {
      return; // hundreds of files; --json lists them
    }
    for (Descriptor blob : item.manifest().layers()) {
      bundles
          .console()
          .println(
              "  %-12s %s %s%s"
                  .formatted(
                      Units.bytes(blob.size()),
                      blob.digest().hex().substring(0, 12),
                      blob.title().orElse(blob.mediaType()),
                      note(blob, inspection)));
    }
  }

  private String note(Descriptor blob, BundleInspection inspection) {
    if (!inspection.omitted().contains(blob.digest())) {
      return "";
    }
    boolean isHere = bundles.store().blobs().find(blob.digest()).isPresent();
    return isHere ? " (not in the bundle; here already)" : " (not in the bundle, AND NOT HERE)";
  }

  private Map<String, Object> fields(BundleInspection inspection) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("bundle", inspection.id().toString());
    switch (inspection.signer()) {
      case BundleInspection.Signer.Trusted(var by) -> {
        fields.put("trusted", true);
        fields.put("signed_by", by.name().text());
        fields.put("fingerprint", by.key().fingerprint());
      }
      case BundleInspection.Signer.Unknown(String fingerprint, var refusal) -> {
        fields.put("trusted", false);
        fields.put("fingerprint", fingerprint);
        fields.put("refusal", refusal.explanation());
      }
    }
    fields.put("checked", check);
    fields.put("made", inspection.index().made().toString());
    fields.put("bytes", inspection.bytes());
    List<Map<String, Object>> items = new ArrayList<>();
    inspection.index().items().forEach(item -> items.add(fields(item, inspection)));
    fields.put("items", items);
    return fields;
  }

  private Map<String, Object> fields(BundleItem item, BundleInspection inspection) {
    Map<String, Object> fields = new LinkedHashMap<>();
    switch (item) {
      case BundleItem.Model model -> {
        fields.put("kind", "model");
        fields.put("name", model.name().toString());
      }
      case BundleItem.Runtime _ -> fields.put("kind", "runtime");
    }
    fields.put("bytes", item.manifest().size());
    fields.put("annotations", item.manifest().annotations());
    List<Map<String, Object>> files = new ArrayList<>();
    for (Descriptor blob : item.manifest().layers()) {
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("title", blob.title().orElse(""));
      file.put("digest", blob.digest().toString());
      file.put("bytes", blob.size());
      file.put("in_bundle", !inspection.omitted().contains(blob.digest()));
      file.put("here", bundles.store().blobs().find(blob.digest()).isPresent());
      files.add(file);
    }
    fields.put("files", files);
    return fields;
  }
}
