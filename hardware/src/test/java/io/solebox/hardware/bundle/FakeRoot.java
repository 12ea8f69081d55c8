package io.solebox.hardware.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A folder as a machine's root would be, with all that must not leave it. */
final class FakeRoot {
  /** The address of its GPU. */
  static final String GPU = "0000:01:00.0";

  private static final String DEVICE = "sys/devices/pci0000:00/0000:00:01.0/" + GPU;
  private static final String SENSOR = "28-0316a2796aff";

  private final Path root;

  private FakeRoot(Path root) {
    this.root = root;
  }

  static void build(Path root) throws IOException {
    FakeRoot fake = new FakeRoot(root);
    fake.device();
    fake.sensors();
    fake.texts();
  }

  private void device() throws IOException {
    write(DEVICE + "/vendor", "0x10de\n");
    write(DEVICE + "/device", "0x1db5\n");
    write(DEVICE + "/resource", "0x0 0x0 0x0\n");
    write(DEVICE + "/vpd", "SERIAL0042");
    Files.createDirectories(root.resolve(DEVICE + "/max_link_width")); // what cannot be read
    byte[] config = new byte[4096];
    ByteBuffer words = ByteBuffer.wrap(config).order(ByteOrder.LITTLE_ENDIAN);
    words.putInt(0, 0x1db510de).putInt(0x100, 0x1480_0001).putInt(0x148, 0x0001_0003);
    Arrays.fill(config, 0x14c, 0x154, (byte) 0xab);
    Files.write(root.resolve(DEVICE + "/config"), config);
    link("sys/bus/pci/devices/" + GPU, "../../../devices/pci0000:00/0000:00:01.0/" + GPU);
    link(DEVICE + "/driver", "../../../../bus/pci/drivers/nvidia");
    link(DEVICE + "/iommu_group", "../../../../kernel/iommu_groups/7");
    write("sys/kernel/iommu_groups/7/type", "DMA\n");
    link(
        "sys/kernel/iommu_groups/7/devices/" + GPU,
        "../../../../devices/pci0000:00/0000:00:01.0/" + GPU);
    write("sys/firmware/devicetree/base/model", "Some Board\0");
  }

  private void sensors() throws IOException {
    String bus = "sys/devices/w1_bus_master1/" + SENSOR;
    write(bus + "/temperature", "21500\n");
    write(bus + "/hwmon/hwmon0/name", "w1_slave_temp");
    write(bus + "/hwmon/hwmon0/temp1_input", "21500\n");
    link("sys/bus/w1/devices/" + SENSOR, "../../../devices/w1_bus_master1/" + SENSOR);
    link("sys/class/hwmon/hwmon0", "../../devices/w1_bus_master1/" + SENSOR + "/hwmon/hwmon0");
  }

  private void texts() throws IOException {
    write("proc/sys/kernel/hostname", "blue-whale\n");
    Files.createDirectories(root.resolve("home/annabel"));
    write(
        "proc/cmdline",
        "root=UUID=8a2d0b1c-92f6-4f7e-8d6b-2f8f0f4c1a11 resume=PARTUUID=deadbeef-02"
            + " ip=10.20.30.40::10.20.30.1:255.255.255.0:blue-whale.corp.example.org:eth0\n");
    write("proc/cpuinfo", "processor\t: 0\nSerial\t\t: 10000000abcdef12\n");
    write("etc/modprobe.d/gpu.conf", "# by annabel\nblacklist nouveau\n");
    write("etc/shadow", "annabel:secret\n");
    write(
        "etc/solebox/hardware.properties",
        "psu.watts=1400\n  plug = shelly:annabels-plug.lan\nplug.user=carla\nhost.watts=60\n");
    write("uname.txt", "Linux blue-whale 6.12.47 #1 SMP aarch64 GNU/Linux\n");
    write("cuda.txt", "cuInit: 0\n");
    write(
        "dmesg.txt",
        """
        [    0.0] Linux version 6.12.47 (build@host) #1 SMP\r
        [    1.0] igb 0000:03:00.0: added PHC on eth0, MAC: 3c:EC:ef:01:02:03
        [    1.1] eth0: 3c-ec-ef-01-02-03 and 00:00:00:00:00:00, fe80::3eec:efff:fe01:203
        [    1.2] usb 1-1: SerialNumber: A B 42\r
        [    1.3] nvme0: nqn.2014.08.org.nvmexpress:80868086PHLJ123456 eui.0025385B01
        [    1.4] server 10.20.30.1, 127.0.0.1, version 92.00.45.00.03 and 580.95.05.1, 1.2.3.04.
        [    1.5] mounted /dev/mapper/blue--whale--vg-root at 10:20:30, 0000:01:00.0: up
        [    1.6] audit: acct=annabel exe=/home/carla.x/run dir /home/carlotta/x, carlotta
        [    1.7] GPU UUID 8A2D0B1C-92f6-4f7e-8d6b-2f8f0f4c1a11 machine 0123456789abcdef0123456789abcdef
        [    1.8] NVRM: GPU Board Serial Number: 0321418000123
        [    1.9] bytes that are no UTF-8: ÿþ
        [    2.0] Device Serial Number 3c-ec-ef-ff-ff-01-02-03 sensor 28-0316a2796aff
        no end of line\
        """);
    write(
        "journal.txt",
        "Nov 30 11:12:13 red-fox kernel: red-fox.local is up\n"
            + "2026-11-30T01:02:03+0000 red-fox kernel: x\n");
    write(
        "nvidia-smi-q.txt",
        "    Serial Number             : 1563221004567\n"
            + "    Board Serial : N/A\n"
            + "    GPU UUID : GPU-8a2d0b1c-92f6-4f7e-8d6b-2f8f0f4c1a11\n"
            + "        Serial Number : N/A\n");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void link(String path, String target) throws IOException {
    Path link = root.resolve(path);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of(target));
  }
}
