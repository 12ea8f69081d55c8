package io.solebox.server.accounts.factors;

import io.solebox.server.accounts.totp.SecretSeal;
import io.solebox.server.seal.Cell;
import io.solebox.server.seal.Vault;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.HexFormat;

/** Ways in which secrets of authenticator apps lie in the database. */
public final class Seals {
  /** For whoever makes and asks for no codes, as commands that look and reset. */
  public static final SecretSeal CLOSED =
      new SecretSeal() {
        @Override
        public byte[] seal(Sql sql, String account, byte[] secret) {
          throw new IllegalStateException("nothing is sealed here");
        }

        @Override
        public byte[] open(Sql sql, String account, byte[] kept) {
          throw new IllegalStateException("nothing is opened here");
        }
      };

  private Seals() {}

  /** With each owner's key. */
  public static SecretSeal with(Vault vault) {
    return new SecretSeal() {
      @Override
      public byte[] seal(Sql sql, String account, byte[] secret) throws SQLException {
        String text = HexFormat.of().formatHex(secret);
        return vault.writing(sql, account).seal(cell(account), text);
      }

      @Override
      public byte[] open(Sql sql, String account, byte[] kept) throws SQLException {
        return HexFormat.of().parseHex(vault.reading(sql, account).open(cell(account), kept));
      }
    };
  }

  private static Cell cell(String account) {
    return new Cell("totp", account, "secret");
  }
}
