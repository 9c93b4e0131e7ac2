import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thongsuot.kernel.together import Together


class Migration(migrations.Migration):

    replaces = [('staffing', '0001_staffing')]

    initial = True

    dependencies = [
        ('files', '0001_first_release'),
        ('people', '0001_first_release'),
        ('people', '0001_first_release'),
        ('units', '0001_first_release'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Distribution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200, verbose_name='nội dung')),
                    ('group', models.CharField(choices=[('non_specialised', 'Người hoạt động không chuyên trách'), ('workers', 'Người lao động'), ('both', 'Người hoạt động không chuyên trách và người lao động'), ('officials', 'Cán bộ, công chức, viên chức')], max_length=15, verbose_name='đối tượng')),
                    ('basis', models.CharField(blank=True, max_length=200, verbose_name='căn cứ')),
                    ('total', models.PositiveIntegerField(verbose_name='tổng số người')),
                    ('effective_on', models.DateField(verbose_name='áp dụng từ ngày')),
                    ('saved_at', models.DateTimeField()),
                    ('saved_by_name', models.CharField(max_length=200)),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
            ),
            migrations.CreateModel(
                name='JobPosition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=12, unique=True, verbose_name='mã vị trí')),
                    ('name', models.CharField(max_length=200, verbose_name='tên vị trí')),
                    ('group', models.CharField(choices=[('leadership', 'lãnh đạo, quản lý'), ('specialist', 'chuyên môn'), ('shared', 'chuyên môn dùng chung'), ('support', 'hỗ trợ, phục vụ')], max_length=10, verbose_name='nhóm')),
                    ('body_kind', models.CharField(choices=[('people_council', 'Hội đồng nhân dân'), ('people_committee', 'Ủy ban nhân dân'), ('office', 'Văn phòng HĐND và UBND'), ('economy_office', 'Phòng Kinh tế'), ('culture_society_office', 'Phòng Văn hóa - Xã hội'), ('service_centre', 'Trung tâm Phục vụ hành chính công'), ('division', 'phòng'), ('branch', 'chi nhánh'), ('public_service_unit', 'đơn vị sự nghiệp công'), ('department', 'sở'), ('tax', 'cơ quan thuế'), ('land_registration', 'văn phòng đăng ký đất đai'), ('police', 'công an'), ('social_insurance', 'bảo hiểm xã hội')], max_length=24, verbose_name='cơ quan')),
                    ('title', models.CharField(help_text='as in people.rules.TITLES', max_length=200, verbose_name='chức danh khi bổ nhiệm')),
                    ('applies_to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), help_text='kinds of units in which it exists', size=None)),
                    ('mandatory', models.BooleanField(default=True, verbose_name='bắt buộc có người')),
                    ('headcount', models.PositiveSmallIntegerField(default=1, verbose_name='số người thường có')),
                    ('party_managed', models.BooleanField(default=False, verbose_name='diện cấp ủy quản lý')),
                    ('qualification', models.CharField(choices=[('1', 'trung cấp'), ('2', 'cao đẳng'), ('3', 'đại học'), ('4', 'sau đại học')], default='3', max_length=1)),
                    ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, help_text="of work, as persons' fields name them", size=None)),
                    ('in_use', models.BooleanField(default=True)),
                    ('checked', models.BooleanField(default=False, help_text='false: to be compared with the text of the decision')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('group__in', ['leadership', 'specialist', 'shared', 'support'])), name='position_group')],
                },
            ),
            migrations.CreateModel(
                name='LeaveCase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('early_retirement', 'Nghỉ hưu trước tuổi'), ('leaving', 'Thôi việc'), ('downsizing', 'Tinh giản biên chế'), ('non_specialised', 'Người hoạt động không chuyên trách nghỉ')], max_length=16, verbose_name='diện nghỉ')),
                    ('stage', models.CharField(choices=[('application', 'Đơn của cá nhân'), ('unit_head', 'Thủ trưởng đơn vị'), ('council', 'Hội đồng xét'), ('home_affairs', 'Cơ quan nội vụ thẩm định'), ('decision', 'Quyết định'), ('payment', 'Chi trả'), ('insurance', 'Bảo hiểm xã hội'), ('settled', 'Đã giải quyết xong'), ('withdrawn', 'Đã rút đơn'), ('refused', 'Không được giải quyết')], default='unit_head', max_length=12)),
                    ('applied_on', models.DateField(verbose_name='ngày nộp đơn')),
                    ('leaves_on', models.DateField(verbose_name='nghỉ từ ngày')),
                    ('reorganised_on', models.DateField(verbose_name='ngày sắp xếp có hiệu lực')),
                    ('reason', models.CharField(blank=True, max_length=500, verbose_name='nguyện vọng, lý do')),
                    ('pay_dong', models.PositiveBigIntegerField(null=True, verbose_name='tiền lương, phụ cấp tháng hiện hưởng')),
                    ('months_insured', models.PositiveSmallIntegerField(null=True, verbose_name='số tháng đóng bảo hiểm xã hội')),
                    ('months_served', models.PositiveSmallIntegerField(null=True, verbose_name='số tháng công tác')),
                    ('retires_on', models.DateField(null=True, verbose_name='ngày đủ tuổi nghỉ hưu')),
                    ('party_managed', models.BooleanField(default=False)),
                    ('party_agreed_at', models.DateTimeField(null=True)),
                    ('advised_dong', models.PositiveBigIntegerField(help_text='what the tool worked out when it was decided', null=True)),
                    ('advised_lines', models.JSONField(default=list)),
                    ('decided_dong', models.PositiveBigIntegerField(null=True, verbose_name='số tiền theo quyết định')),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('party_agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(help_text='whose head sees it first', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['stage', 'applied_on'], name='leave_case_stage')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', False), ('stage', 'settled')), models.Q(models.Q(('stage', 'settled'), _negated=True), ('settled_at__isnull', True)), _connector='OR'), name='leave_case_settled'), models.CheckConstraint(condition=models.Q(models.Q(('party_agreed_at__isnull', True), ('party_agreed_by__isnull', True)), models.Q(('party_agreed_at__isnull', False), ('party_agreed_by__isnull', False)), _connector='OR'), name='leave_case_party_agreed'), models.CheckConstraint(condition=models.Q(('party_managed', False), models.Q(('stage__in', ['payment', 'insurance', 'settled']), _negated=True), ('party_agreed_at__isnull', False), _connector='OR'), name='leave_case_of_both_sides'), models.CheckConstraint(condition=models.Q(('retires_on__isnull', True), ('retires_on__gte', models.F('leaves_on')), _connector='OR'), name='leave_case_retires_later')],
                },
            ),
            migrations.CreateModel(
                name='LeaveRate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(verbose_name='từ ngày')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến trước ngày')),
                    ('code', models.CharField(max_length=40)),
                    ('kind', models.CharField(choices=[('early_retirement', 'Nghỉ hưu trước tuổi'), ('leaving', 'Thôi việc'), ('downsizing', 'Tinh giản biên chế'), ('non_specialised', 'Người hoạt động không chuyên trách nghỉ')], max_length=16)),
                    ('place', models.PositiveSmallIntegerField(help_text='order of the lines')),
                    ('label', models.CharField(max_length=200)),
                    ('over_months', models.PositiveSmallIntegerField(null=True)),
                    ('upto_months', models.PositiveSmallIntegerField(null=True)),
                    ('month_from', models.PositiveSmallIntegerField(null=True)),
                    ('month_to', models.PositiveSmallIntegerField(null=True)),
                    ('quantity', models.CharField(choices=[('months_early', 'số tháng nghỉ sớm'), ('years_early', 'số năm nghỉ sớm'), ('months_insured', 'số tháng đóng bảo hiểm'), ('years_insured', 'số năm đóng bảo hiểm'), ('first_years_insured', 'đủ số năm đóng bảo hiểm đầu'), ('further_years_insured', 'số năm đóng bảo hiểm tiếp theo'), ('months_served', 'số tháng công tác'), ('years_served', 'số năm công tác'), ('fixed', 'mức cố định')], max_length=24)),
                    ('limit', models.PositiveSmallIntegerField(null=True)),
                    ('factor', models.DecimalField(decimal_places=3, max_digits=6)),
                    ('basis', models.CharField(max_length=200)),
                    ('checked', models.BooleanField(default=False)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='leave_rate_once'), models.CheckConstraint(condition=models.Q(('factor__gt', 0)), name='leave_rate_positive'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='leave_rate_period'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.Func(models.F('code'), models.Value(0), function='hashtextextended'), models.Func(models.F('code'), models.Value(0), function='hashtextextended'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='leave_rate_one_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='LeaveStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stage', models.CharField(choices=[('application', 'Đơn của cá nhân'), ('unit_head', 'Thủ trưởng đơn vị'), ('council', 'Hội đồng xét'), ('home_affairs', 'Cơ quan nội vụ thẩm định'), ('decision', 'Quyết định'), ('payment', 'Chi trả'), ('insurance', 'Bảo hiểm xã hội'), ('settled', 'Đã giải quyết xong'), ('withdrawn', 'Đã rút đơn'), ('refused', 'Không được giải quyết')], max_length=12)),
                    ('outcome', models.CharField(choices=[('passed', 'Đã chuyển bước sau'), ('sent_back', 'Trả lại'), ('withdrawn', 'Rút đơn'), ('refused', 'Không thống nhất'), ('agreed', 'Bên Đảng thống nhất'), ('cancelled', 'Hủy hoặc sửa quyết định')], max_length=9)),
                    ('at', models.DateTimeField()),
                    ('by_id', models.BigIntegerField(help_text='id of the person; the name stands beside it', null=True)),
                    ('by_name', models.CharField(max_length=200)),
                    ('note', models.CharField(blank=True, max_length=500)),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='staffing.leavecase')),
                ],
            ),
            migrations.CreateModel(
                name='Placement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('becomes', models.CharField(choices=[('waiting', 'Dôi dư, chưa bố trí'), ('assigned', 'Bố trí ở đơn vị mới'), ('department', 'Chuyển về sở, ngành'), ('seconded', 'Biệt phái'), ('contract', 'Hợp đồng'), ('early_retirement', 'Nghỉ hưu trước tuổi'), ('leaves', 'Thôi việc')], max_length=16)),
                    ('title', models.CharField(blank=True, max_length=200, verbose_name='chức danh')),
                    ('party_managed', models.BooleanField(default=False, help_text='the new post or the one held, when it was proposed')),
                    ('party_post', models.BooleanField(default=False, help_text='the new post is one that the Party manages')),
                    ('keeps_posts', models.BooleanField(default=False, verbose_name='giữ các chức vụ đang có')),
                    ('effective_on', models.DateField(verbose_name='từ ngày')),
                    ('until', models.DateField(null=True, verbose_name='đến trước ngày')),
                    ('status', models.CharField(choices=[('proposed', 'Chờ duyệt'), ('approved', 'Đã duyệt, chờ quyết định'), ('decided', 'Đã có quyết định'), ('in_effect', 'Đã có hiệu lực'), ('refused', 'Không duyệt'), ('withdrawn', 'Đã rút')], default='proposed', max_length=9)),
                    ('note', models.CharField(blank=True, max_length=500, verbose_name='lý do đề xuất')),
                    ('closed_reason', models.CharField(blank=True, max_length=500)),
                    ('proposed_at', models.DateTimeField()),
                    ('proposed_by_name', models.CharField(max_length=200)),
                    ('decision_number', models.CharField(blank=True, max_length=60, verbose_name='số quyết định')),
                    ('decided_by', models.CharField(blank=True, max_length=200, verbose_name='cơ quan quyết định')),
                    ('decided_on', models.DateField(null=True, verbose_name='ngày quyết định')),
                    ('took_effect_at', models.DateTimeField(null=True)),
                    ('trouble', models.CharField(blank=True, help_text='why it could not take effect on its day', max_length=500)),
                    ('appointment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.appointment')),
                    ('from_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('position', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staffing.jobposition')),
                    ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('to_body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.body')),
                ],
                options={
                    'indexes': [models.Index(fields=['status', 'effective_on'], name='placement_due')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['decided', 'in_effect']), _negated=True), models.Q(('decided_on__isnull', False), models.Q(('decision_number', ''), _negated=True), models.Q(('decided_by', ''), _negated=True)), _connector='OR'), name='placement_decided_by_a_document'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'in_effect'), ('took_effect_at__isnull', False)), models.Q(models.Q(('status', 'in_effect'), _negated=True), ('took_effect_at__isnull', True)), _connector='OR'), name='placement_effect_once')],
                },
            ),
        ),
        migrations.AddField(
            model_name='leavecase',
            name='placement',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leave_case', to='staffing.placement'),
        ),
        Together(
            migrations.CreateModel(
                name='StaffingPlan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200, verbose_name='tên phương án')),
                    ('decision_number', models.CharField(max_length=60, verbose_name='số quyết định')),
                    ('total_persons', models.PositiveIntegerField(verbose_name='tổng số người theo quyết định')),
                    ('total_units', models.PositiveIntegerField(verbose_name='số đơn vị theo quyết định')),
                    ('effective_on', models.DateField(verbose_name='áp dụng từ ngày')),
                    ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('accepted', 'Đã chốt'), ('replaced', 'Đã thay')], default='draft', max_length=8)),
                    ('made_at', models.DateTimeField()),
                    ('accepted_at', models.DateTimeField(null=True)),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'accepted')), fields=('city', 'effective_on'), name='plan_one_accepted'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('accepted_at__isnull', False), _connector='OR'), name='plan_accepted_at')],
                },
            ),
            migrations.CreateModel(
                name='StaffImport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('plan', 'Phương án bố trí'), ('members', 'Danh sách cán bộ')], max_length=8)),
                    ('rows', models.PositiveIntegerField()),
                    ('at', models.DateTimeField()),
                    ('by_name', models.CharField(max_length=200)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                    ('plan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='staffing.staffingplan')),
                ],
            ),
            migrations.CreateModel(
                name='PlannedPost',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('persons', models.PositiveSmallIntegerField()),
                    ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staffing.jobposition')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='staffing.staffingplan')),
                ],
                options={
                    'indexes': [models.Index(fields=['unit'], name='planned_post_unit')],
                    'constraints': [models.UniqueConstraint(fields=('plan', 'unit', 'position'), name='planned_post_once')],
                },
            ),
            migrations.CreateModel(
                name='StaffMember',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('until', models.DateField(null=True)),
                    ('party_managed', models.BooleanField(default=False)),
                    ('full_name', models.CharField(max_length=200, verbose_name='họ tên')),
                    ('search_name', models.CharField(editable=False, max_length=200)),
                    ('sort_name', models.CharField(editable=False, max_length=420)),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='thư điện tử')),
                    ('old_title', models.CharField(blank=True, max_length=200, verbose_name='chức danh cũ')),
                    ('state', models.CharField(choices=[('waiting', 'Dôi dư, chưa bố trí'), ('assigned', 'Bố trí ở đơn vị mới'), ('department', 'Chuyển về sở, ngành'), ('seconded', 'Biệt phái'), ('contract', 'Hợp đồng'), ('early_retirement', 'Nghỉ hưu trước tuổi'), ('leaves', 'Thôi việc')], default='waiting', max_length=16)),
                    ('waiting_since', models.DateField(help_text='when the person came into the pool; kept after leaving it', null=True)),
                    ('qualification', models.CharField(choices=[('1', 'trung cấp'), ('2', 'cao đẳng'), ('3', 'đại học'), ('4', 'sau đại học')], default='3', max_length=1, verbose_name='trình độ')),
                    ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, help_text='of work the person knows', size=None)),
                    ('years_in_field', models.PositiveSmallIntegerField(default=0, verbose_name='số năm trong lĩnh vực')),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('old_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('position', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staffing.jobposition')),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='staffing.staffimport')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                    ('wish_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', 'state'], name='staff_member_unit'), models.Index(fields=['old_unit', 'state'], name='staff_member_old_unit')],
                    'constraints': [models.UniqueConstraint(fields=('person',), name='staff_member_person_once'), models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('city', 'email'), name='staff_member_email_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'assigned', 'department', 'seconded', 'contract', 'early_retirement', 'leaves'])), name='staff_member_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), _negated=True), models.Q(('position__isnull', True), ('waiting_since__isnull', False)), _connector='OR'), name='staff_member_waits_without_post')],
                },
            ),
        ),
        Together(
            migrations.AddField(
                model_name='placement',
                name='member',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='staffing.staffmember'),
            ),
            migrations.AddField(
                model_name='leavecase',
                name='member',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leave_cases', to='staffing.staffmember'),
            ),
        ),
        Together(
            migrations.CreateModel(
                name='DistributionShare',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('persons', models.PositiveIntegerField()),
                    ('distribution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='staffing.distribution')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('distribution', 'unit'), name='share_once'), models.CheckConstraint(condition=models.Q(('persons__gt', 0)), name='share_of_someone')],
                },
            ),
            migrations.CreateModel(
                name='PlacementApproval',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('side', models.CharField(choices=[('government', 'Chính quyền (Sở Nội vụ)'), ('party', 'Đảng (Ban Tổ chức)')], max_length=10)),
                    ('by_name', models.CharField(max_length=200)),
                    ('at', models.DateTimeField()),
                    ('note', models.CharField(blank=True, max_length=500)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('placement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='staffing.placement')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('placement', 'side'), name='approval_side_once'), models.UniqueConstraint(fields=('placement', 'by'), name='approval_one_hand_one_side')],
                },
            ),
        ),
        Together(
            migrations.AddConstraint(
                model_name='placement',
                constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['proposed', 'approved', 'decided'])), fields=('member',), name='placement_one_open'),
            ),
            migrations.AddConstraint(
                model_name='leavecase',
                constraint=models.UniqueConstraint(condition=models.Q(('stage__in', ['settled', 'withdrawn', 'refused']), _negated=True), fields=('member',), name='leave_case_one_open'),
            ),
            migrations.AddConstraint(
                model_name='leavecase',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['payment', 'insurance', 'settled']), _negated=True), models.Q(('decided_dong__isnull', False), ('placement__isnull', False)), _connector='OR'), name='leave_case_paid_by_a_decision'),
            ),
        ),
    ]
