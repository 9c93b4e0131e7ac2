from django.urls import path

from thongsuot.payments.views import accounts, bank, books, notices, payment, receipts, reconciling, refunds, shifts

app_name = "payments"
urlpatterns = [
    path("thanh-toan/bao-co/", notices.notice, name="notice"),
    path("thanh-toan/<str:secret>/", payment.payment, name="payment"),
    path("thanh-toan/<str:secret>/truc-tiep/", payment.live, name="payment_live"),
    path("bien-lai/<str:secret>/", receipts.receipt, name="receipt"),
    path("bien-lai/<str:secret>/bien-lai.pdf", receipts.paper, name="receipt_paper"),
    path("gia-lap/ngan-hang/<str:reference>/", bank.bank, name="bank"),
    path("can-bo/thu-phi/", shifts.shifts, name="shifts"),
    path("can-bo/thu-phi/<int:shift_id>/", shifts.shift, name="shift"),
    path("can-bo/thu-phi/giao-dich/<int:payment_id>/huy/", shifts.give_up, name="give_up"),
    path("can-bo/thu-phi/hoan/", refunds.refunds, name="refunds"),
    path("can-bo/thu-phi/hoan/de-nghi/<int:line_id>/", refunds.propose, name="propose_refund"),
    path("can-bo/thu-phi/hoan/<int:refund_id>/", refunds.refund, name="refund"),
    path("can-bo/thu-phi/tai-khoan/", accounts.accounts, name="accounts"),
    path("can-bo/thu-phi/tai-khoan/<int:unit_id>/", accounts.account, name="account"),
    path("can-bo/thu-phi/doi-soat/", reconciling.days, name="reconciling"),
    path("can-bo/thu-phi/doi-soat/so-phu/", reconciling.statements, name="statements"),
    path("can-bo/thu-phi/so-sach/", books.balances, name="balances"),
    path("can-bo/thu-phi/so-sach/<str:account>/", books.entries, name="entries"),
    path("can-bo/thu-phi/bien-lai/", books.receipts, name="receipts"),
    path("can-bo/thu-phi/tien-ra/<int:line_id>/", reconciling.outflow, name="outflow"),
    path("can-bo/thu-phi/tien-ve/", reconciling.nameless, name="nameless"),
    path("can-bo/thu-phi/tien-ve/<int:line_id>/", reconciling.assign, name="assign"),
    path("can-bo/thu-phi/doi-soat/<str:day>/", reconciling.day, name="reconciled_day"),
    path("can-bo/thu-phi/doi-soat/chenh-lech/<int:difference_id>/", reconciling.difference, name="difference"),
    path("dieu-hanh/tai-khoan-thu-phi/", accounts.progress, name="progress"),
]
