package io.solebox.server;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.library.CleanupTally;
import io.solebox.server.library.Incoming;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.library.ModelRecipe;
import io.solebox.server.library.ModelSettings;
import io.solebox.server.library.PullWatcher;
import io.solebox.server.library.PullWish;
import io.solebox.server.library.Suggestion;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Fetches whatever it is asked for but {@code nobody}, and keeps nothing. */
final class EchoLibrary implements ModelLibrary {
  @Override
  public Optional<KeptModel> find(String name) {
    return Optional.empty();
  }

  @Override
  public boolean keeps(String name) {
    return false;
  }

  @Override
  public Optional<String> digest(Path file) {
    return Optional.empty();
  }

  @Override
  public ModelSettings settings(String name) {
    return ModelSettings.NONE;
  }

  @Override
  public KeptModel pull(PullWish wish, PullWatcher watcher) {
    watcher.begun();
    return model(wish.name(), false);
  }

  private static KeptModel model(String name, boolean pinned) {
    if (name.equals("nobody")) {
      throw unknown(name);
    }
    return new KeptModel(
        name,
        "0".repeat(64),
        1,
        Instant.EPOCH,
        "echo",
        "F32",
        OptionalLong.of(1),
        pinned,
        Map.of());
  }

  private static SoleboxException unknown(String name) {
    return new SoleboxException(
        ErrorCode.MODEL_NOT_FOUND, name, "There is no such model.", "Ask for another.");
  }

  @Override
  public KeptModel copy(String from, String to) {
    throw unknown(from);
  }

  @Override
  public boolean hasFile(String digest) {
    return false;
  }

  @Override
  public String receive(Incoming file) throws InterruptedException {
    receive("", file);
    return "0".repeat(64);
  }

  @Override
  public List<Suggestion> suggestions(boolean idle) {
    return List.of(
        new Suggestion(
            "hf.co/echo/echo-GGUF:Q4_K_M",
            "echo",
            "Echo",
            "tiny",
            List.of("chat"),
            "apache-2.0",
            false,
            1_000_000,
            2048,
            "Q4_K_M",
            1 << 20,
            OptionalLong.of(2 << 20),
            true,
            OptionalDouble.of(12.5)));
  }

  @Override
  public void receive(String digest, Incoming file) throws InterruptedException {
    try {
      file.to(Channels.newChannel(OutputStream.nullOutputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public KeptModel create(ModelRecipe recipe, Progress progress) {
    return model(recipe.name(), false);
  }

  @Override
  public void remove(String name) {
    throw unknown(name);
  }

  @Override
  public KeptModel pin(String name, boolean pinned) {
    return model(name, pinned);
  }

  @Override
  public CleanupTally cleanups() {
    return new CleanupTally(0, 0, 0);
  }
}
