package io.solebox.app.update.file;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.sign.Envelope;
import io.solebox.store.sign.TrustFolder;
import java.util.List;

/**
 * Whose updates this machine takes: the keys that came with its image, and those that whoever runs
 * it has added.
 *
 * @param folders of which one is enough
 */
public record TrustedKeys(List<TrustFolder> folders) {
  public TrustedKeys {
    folders = List.copyOf(folders);
  }

  /**
   * Who has signed it.
   *
   * @param place for errors
   * @return the name that the key has here
   * @throws SoleboxException {@code UNTRUSTED} where nobody whom this machine trusts
   */
  String verify(Envelope envelope, String place) {
    for (TrustFolder folder : folders) {
      if (folder.find(envelope.signer()).isPresent()) {
        return folder.verify(envelope, place).name().text();
      }
    }
    boolean none = folders.stream().allMatch(folder -> folder.all().isEmpty());
    throw new SoleboxException(
        ErrorCode.UNTRUSTED,
        place,
        "this update is signed with key %s, and this machine %s"
            .formatted(envelope.signer(), none ? "trusts no key yet" : "does not trust that one"),
        "Take updates from where this Solebox is from. If you know whose key that is, get its"
            + " public half from them, and let the machine trust it (docs/install.md, updates).");
  }
}
