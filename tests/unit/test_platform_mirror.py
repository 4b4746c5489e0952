"""The Debian mirror and what is taken out of the package."""

from tool import debian, mirror

ROWS = [
    "http://a.example/debian-security|bookworm-security|Packages",
    "http://a.example/debian|bookworm|Translations",
    "http://a.example/debian/|bookworm|Packages",
]


def test_the_main_archive_is_found_among_the_targets():
    assert mirror.main_archive(ROWS) == "http://a.example/debian/"


def test_no_archive_is_found_on_another_distribution():
    assert mirror.main_archive(["http://a.example/ubuntu|noble|Packages", ""]) is None


def test_the_list_of_downloads_is_read():
    listing = (
        "'http://a/o/odoo-19_1%2bdfsg_all.deb' odoo-19_1+dfsg_all.deb 12 SHA256:ab\n"
    )
    (found,) = mirror.parse_downloads(listing + "noise\n")
    assert found == ("odoo-19_1+dfsg_all.deb", 12, "SHA256:ab")
    assert found.package == "odoo-19"


def test_a_kept_download_counts_only_when_its_hash_is_right(tmp_path):
    apt = mirror.PrivateApt(tmp_path, "sid")
    apt.debs.mkdir()
    (apt.debs / "a_1_all.deb").write_bytes(b"content")
    good = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"
    assert apt._is_whole(mirror.Download("a_1_all.deb", 7, f"SHA256:{good}"))
    assert not apt._is_whole(mirror.Download("a_1_all.deb", 7, "SHA256:00"))
    assert not apt._is_whole(mirror.Download("a_1_all.deb", 8, f"SHA256:{good}"))
    assert not apt._is_whole(mirror.Download("b_1_all.deb", 7, f"SHA256:{good}"))


def test_code_and_chosen_languages_are_unpacked():
    languages = {"zh", "pt_BR"}
    module = debian.PREFIX + "odoo/addons/crm/"

    def kept(name):
        return debian.is_wanted(name, languages)

    assert kept(module + "models/crm_lead.py")
    assert kept(module + "i18n/zh_CN.po")
    assert kept(module + "i18n/zh_TW.po")
    assert kept(module + "i18n/pt_BR.po")
    assert not kept(module + "i18n/pt.po")
    assert not kept(module + "i18n/fr.po")
    assert not kept(module + "i18n/crm.pot")
    assert not kept(debian.PREFIX + "addons/crm/__init__.py")


def test_the_folder_name_suits_odoo_and_tells_languages_apart():
    name = debian.folder_name("odoo-19_19.0.0+dfsg~1_all.deb", ["zh"])
    assert name.startswith("19.0.0_dfsg_1_")
    assert "+" not in name
    assert "~" not in name
    assert name != debian.folder_name("odoo-19_19.0.0+dfsg~1_all.deb", ["zh", "fr"])
    assert name == debian.folder_name("odoo-19_19.0.0+dfsg~1_all.deb", ("zh",))


def test_a_repaired_tree_is_found_again_and_a_half_done_one_is_not(tmp_path):
    tree = tmp_path / "src" / debian.folder_name("odoo-19_19.0_all.deb", ["zh"])
    tree.mkdir(parents=True)
    assert debian.existing(tmp_path, ["zh"]) is None
    (tree / debian.REPAIRED).touch()
    assert debian.existing(tmp_path, ["zh"]) == tree
    assert debian.existing(tmp_path, ["zh", "fr"]) is None
