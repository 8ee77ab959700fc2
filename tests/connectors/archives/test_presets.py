"""Exports as tools and scrapers write them, column by column: which of them is read, and as what."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.archives.presets import PRESETS
from connectors.archives.rows import read_csv_archive
from connectors.errors import SourceUnreadable
from connectors.records import Post
from connectors.x.posts import Reading

SOCIAL = (
    "Date,Headline,URL,Opening Text,Hit Sentence,Source,Influencer,Country,Subregion,Language,Reach,Desktop Reach,"
    "Mobile Reach,Twitter Social Echo,Facebook Social Echo,Reddit Social Echo,National Viewership,Engagement,AVE,"
    "Sentiment,Key Phrases,Input Name,Keywords,Twitter Authority,Tweet Id,Twitter Id,Twitter Client,"
    "Twitter Screen Name,User Profile Url,Twitter Bio,Twitter Followers,Twitter Following,Alternate Date Format,Time,"
    "State,City,Document Tags"
)
TWINT = (
    "id,conversation_id,created_at,date,time,timezone,user_id,username,name,place,tweet,language,mentions,urls,photos,"
    "replies_count,retweets_count,likes_count,hashtags,cashtags,link,retweet,quote_url,video,thumbnail,near,geo,source,"
    "user_rt_id,user_rt,retweet_id,reply_to,retweet_date,translate,trans_src,trans_dest".replace(" ", ",")
)
TALK = "url,indexed,published,content,extra_author_attributes.name,extra_author_attributes.short_name"


def row(header: str, **cells: str) -> str:
    told = {name.replace("_", " "): cell for name, cell in cells.items()} | cells
    return ",".join(told.get(name, "") for name in header.split(","))


def read(tmp_path: Path, tool: str, header: str, *rows: str) -> list[Post | str]:
    path = tmp_path / "export.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    reading = Reading(
        source_key="us/old",
        source_kind="x_archive",
        observed_at=datetime(2026, 12, 1, tzinfo=UTC),
        hash_author=lambda author: f"key of {author}",
        accounts={"adaquill": "adaquill"},
    )
    return [found for _, found in read_csv_archive(path, PRESETS[tool], tool, "America/New_York", "iso", reading)]


def test_social_posts_of_meltwater_are_read_by_their_other_date_and_their_time(tmp_path: Path) -> None:
    cells = {"Alternate_Date_Format": "19-Nov-26", "Time": "8:30 PM", "Hit_Sentence": "Quill spoke"}
    told = row(SOCIAL, Date="19-Nov-2026 08:30PM", URL="https://x.com/AdaQuill/1", Influencer="@AdaQuill", **cells)
    [post] = read(tmp_path, "meltwater", SOCIAL, told)
    assert isinstance(post, Post)
    assert (post.posted_at, post.text) == (datetime(2026, 11, 20, 1, 30, tzinfo=UTC), "Quill spoke")
    assert post.account == "adaquill"


def test_an_export_of_meltwater_with_one_date_is_read_by_it(tmp_path: Path) -> None:
    header = SOCIAL.partition(",Mobile Reach")[0]
    told = row(header, Date="19-Nov-2026 08:30PM", URL="u", Hit_Sentence="Quill", Influencer="@x")
    [post] = read(tmp_path, "meltwater", header, told)
    assert isinstance(post, Post)
    assert post.posted_at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


def test_of_talkwalker_the_handle_names_the_author_where_there_is_one(tmp_path: Path) -> None:
    told = "https://x.com/1,2026-11-19 20:31,2026-11-19 20:30:05,Quill,Ada Quill,AdaQuill"
    [post] = read(tmp_path, "talkwalker", TALK, told)
    assert isinstance(post, Post)
    assert post.account == "adaquill"


def test_a_row_of_csv_of_twint_is_what_its_line_of_json_is(tmp_path: Path) -> None:
    cells = {"id": "1313996180544720896", "conversation_id": "1313996180544720896", "user_id": "5"}
    plain = row(
        TWINT, **cells, created_at="2020-10-08 03:02:33 CEST", username="AdaQuill", tweet="Quill", retweet="False"
    )
    reply = row(TWINT, **cells | {"conversation_id": "7"}, username="b", tweet="Quill", likes_count="3")
    repost = row(TWINT, **cells, username="b", tweet="Quill", retweet="True")
    posts = [post for post in read(tmp_path, "twint", TWINT, plain, reply, repost) if isinstance(post, Post)]
    assert [post.post_type for post in posts] == ["original", "reply", "repost"]
    assert (posts[0].account, posts[0].author_key, posts[1].like_count) == ("adaquill", "key of 5", 3)
    milliseconds = (1313996180544720896 >> 22) + 1288834974657
    assert posts[0].posted_at == datetime.fromtimestamp(milliseconds / 1000, UTC)


@pytest.mark.parametrize("tool", PRESETS)
def test_a_header_of_somebody_else_is_refused_with_the_name_of_the_tool_and_no_brackets(
    tmp_path: Path, tool: str
) -> None:
    with pytest.raises(SourceUnreadable, match=f"no export that is known of {tool}") as raised:
        read(tmp_path, tool, "a,b", "1,2")
    assert not set("[](){}'") & set(str(raised.value).replace("(not in", "").replace("). Mend", ""))


CROWDTANGLE = (
    "Page Name,User Name,Facebook Id,Page Category,Page Admin Top Country,Page Description,Page Created,"
    "Likes at Posting,Followers at Posting,Post Created,Post Created Date,Post Created Time,Type,Total Interactions,"
    "Likes,Comments,Shares,Love,Wow,Haha,Sad,Angry,Care,Video Share Status,Is Video Owner?,Post Views,Total Views,"
    "Total Views For All Crossposts,Video Length,URL,Message,Link,Final Link,Image Text,Link Text,Description,"
    "Sponsor Id,Sponsor Name,Sponsor Category,Overperforming Score"
)
META = (
    "id,creation_time,lang,text,hashtags,content_type,post_owner.type,post_owner.id,post_owner.name,"
    "post_owner.username,statistics.like_count,statistics.comment_count,statistics.share_count,statistics.views,mcl_url"
)


def test_a_report_of_crowdtangle_is_read_with_the_zone_that_it_writes_out(tmp_path: Path) -> None:
    cells = {"User_Name": "AdaQuill", "Post_Created": "2020-10-22 21:05:00 EDT", "Link_Text": "Who won?"}
    told = row(CROWDTANGLE, **cells, Message="Quill spoke", URL="https://facebook.com/1/posts/2", Likes="12")
    [post] = read(tmp_path, "crowdtangle", CROWDTANGLE, told)
    assert isinstance(post, Post)
    assert post.posted_at == datetime(2020, 10, 23, 1, 5, tzinfo=UTC)
    assert (post.text, post.account, post.like_count) == ("Quill spoke Who won?", "adaquill", 12)


def test_an_export_of_the_meta_content_library_is_read_by_its_field_names(tmp_path: Path) -> None:
    counts = {"statistics.like_count": "5", "statistics.comment_count": "2", "statistics.share_count": "1"}
    owner = {"post_owner.username": "somebody", "post_owner.name": "Some Body"}
    told = row(META, id="123456789", creation_time="2026-11-20T01:00:00+0000", text="Quill", **counts, **owner)
    [post] = read(tmp_path, "meta-content-library", META, told)
    assert isinstance(post, Post)
    assert (post.post_id, post.posted_at) == ("123456789", datetime(2026, 11, 20, 1, tzinfo=UTC))
    assert (post.like_count, post.reply_count, post.repost_count) == (5, 2, 1)
    assert (post.author_key, post.account) == ("key of somebody", None)
