package io.solebox.app.store;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.catalogue.Catalogues;
import io.solebox.store.sign.KeyFolder;
import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.SigningKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a catalogue that other machines take. */
@Command(
    name = "sign",
    description = "Sign a catalogue in JSON with a key of yours, for machines that trust that key.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CatalogueSignCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(index = "0", paramLabel = "FILE.json", description = "A catalogue.")
  private Path file;

  @Parameters(index = "1", paramLabel = "OUT", description = "Where to write it, signed.")
  private Path out;

  @Option(
      names = "--key",
      required = true,
      paramLabel = "NAME",
      description = "One of 'solebox keys ls'.")
  private String key;

  CatalogueSignCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    SigningKey signing = new KeyFolder(models.environment().dataFolder()).read(KeyName.parse(key));
    byte[] signed = Catalogues.sign(file, signing);
    try {
      Files.write(out, signed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          out.toString(),
          "there is such a file already",
          "Give another name, or remove it.");
    } catch (IOException e) {
      throw StoreFailure.of(out, e);
    }
    models.console().println("signed " + out);
    return 0;
  }
}
