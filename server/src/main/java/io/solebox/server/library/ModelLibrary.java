package io.solebox.server.library;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The models that are kept on this machine, as the server's APIs see and change them; whoever
 * starts a server brings it. What changes here, and whatever else changes what is kept, the host's
 * catalog shows at once. Safe for many threads.
 *
 * <p>All methods throw {@link SoleboxException}: {@code MODEL_NOT_FOUND} where nothing of the name
 * is kept, {@code IN_USE} for what is pinned or used, {@code INVALID_PARAMETER} for what is no
 * name, {@code OFFLINE} for what would open a connection where none may be opened, and whatever the
 * disk and the network bring.
 */
public interface ModelLibrary {
  /**
   * What a name means, however it is spelled: in any case, with the tag that is usual, or with none
   * where there is one alone.
   */
  Optional<KeptModel> find(String name);

  /** Whether a name of the host's catalog is of a model that is kept. */
  boolean keeps(String name);

  /**
   * What a file holds, where it is one that is kept: whoever brought it has verified that.
   *
   * @param file without symbolic links
   * @return SHA-256 in 64 hexadecimal digits
   */
  Optional<String> digest(Path file);

  /** What goes along with a model. */
  ModelSettings settings(String name);

  /**
   * Fetches a model, unless all of it is here. Who asks for what somebody else fetches waits for
   * the same bytes.
   *
   * @return the model
   * @throws InterruptedException if nobody wants it any more; what has come is kept, and gone on
   *     with by the next
   */
  KeptModel pull(PullWish wish, PullWatcher watcher) throws InterruptedException;

  /**
   * Gives a model a second name; the files are not copied.
   *
   * @param to whatever it stood for before stays as an older generation
   */
  KeptModel copy(String from, String to);

  /** Whether a file of this content is here. */
  boolean hasFile(String digest);

  /**
   * Receives a file of which a model will be made; when none has been within the hour, nothing
   * keeps it.
   *
   * @param digest of its content, 64 hexadecimal digits
   * @throws SoleboxException {@code INVALID_PARAMETER} where it has another one, {@code IN_USE}
   *     where somebody is sending it
   */
  void receive(String digest, Incoming file) throws InterruptedException;

  /**
   * The same of a file whose digest its sender cannot compute, as a browser's.
   *
   * @return its digest, 64 hexadecimal digits
   */
  String receive(Incoming file) throws InterruptedException;

  /**
   * What could be fetched, and how it would run here; asks nobody.
   *
   * @param idle whether no model computes now, so that this machine can be measured where nobody
   *     has done so, which takes a second
   */
  List<Suggestion> suggestions(boolean idle);

  /**
   * Makes a model of another one, or of files that were received.
   *
   * @param progress also says when nobody wants it any more
   * @throws SoleboxException {@code INVALID_PARAMETER} where a file is not here, the files are no
   *     model, or there is no such format; {@code CANCELLED}
   */
  KeptModel create(ModelRecipe recipe, Progress progress);

  /** Removes a name, and those files that no other name needs. */
  void remove(String name);

  /** Keeps a model from every removal, or lets it go again. */
  KeptModel pin(String name, boolean pinned);

  /** What left by itself, by a rule that the owner has set. */
  CleanupTally cleanups();
}
